"""An exhibit: the fields of an invoice, packing list or certificate of origin."""
