"""The words that name fields on trade papers, in the languages that the reader of print knows.

Chinese (simplified and traditional), English, Indonesian, Malay, Filipino, Portuguese and
Vietnamese. Our own list. Words are compared without case, accents, spaces and points.
"""

from __future__ import annotations

import unicodedata

LABELS: dict[str, tuple[str, ...]] = {
    "number": ("invoice no", "invoice number", "packing list no", "certificate no", "no faktur",
               "nomor faktur", "no invois", "nombor invois", "numero ng resibo", "fatura no",
               "numero da fatura", "so hoa don", "发票号码", "發票號碼", "发票号", "發票號",
               "装箱单号", "裝箱單號", "证书号码", "證書號碼", "nomor packing list",
               "no senarai bungkusan", "nomor sertifikat", "no sijil", "certificado no",
               "so chung nhan", "so phieu dong goi", "numero ng sertipiko", "reference no",
               "ref no", "lista de embalagem no", "numero ng listahan"),
    "date": ("date", "invoice date", "issue date", "tanggal", "tarikh", "petsa", "data", "ngay",
             "日期", "开票日期", "開票日期", "签发日期", "簽發日期", "date of issue"),
    "seller": ("seller", "exporter", "shipper", "penjual", "eksportir", "pengeksport", "nagbenta",
               "nagluluwas", "vendedor", "exportador", "nguoi ban", "nguoi xuat khau", "卖方",
               "賣方", "出口商", "发货人", "發貨人"),
    "buyer": ("buyer", "importer", "consignee", "bill to", "pembeli", "importir", "pengimport",
              "penerima", "bumili", "mamimili", "comprador", "importador", "nguoi mua",
              "nguoi nhap khau", "买方", "買方", "进口商", "進口商", "收货人", "收貨人"),
    "incoterm": ("terms", "incoterm", "incoterms", "trade terms", "delivery terms", "syarat",
                 "terma", "tuntunin", "condicoes", "dieu kien", "贸易条款", "貿易條款",
                 "成交方式"),
    "container": ("container no", "container", "no kontainer", "nomor kontainer", "no kontena",
                  "nombor kontena", "numero ng container", "contentor no", "contentor",
                  "so container", "集装箱号", "集裝箱號", "箱号", "箱號", "货柜号", "貨櫃號"),
    "gross": ("gross weight", "gross wt", "berat kotor", "kabuuang timbang", "peso bruto",
              "trong luong ca bi", "毛重"),
    "net": ("net weight", "net wt", "berat bersih", "netong timbang", "peso liquido",
            "trong luong tinh", "净重", "淨重"),
    "origin": ("country of origin", "origin", "negara asal", "bansang pinagmulan",
               "pais de origem", "xuat xu", "原产国", "原產國", "原产地", "原產地"),
    "total": ("total", "grand total", "total amount", "jumlah", "jumlah total", "kabuuan",
              "valor total", "tong cong", "合计", "合計", "总计", "總計", "总金额", "總金額",
              "total keseluruhan", "jumlah besar", "amount due"),
}
COLUMNS: dict[str, tuple[str, ...]] = {
    "goods": ("description", "goods", "item", "uraian", "barang", "keterangan", "butiran",
              "kalakal", "descricao", "mercadoria", "ten hang", "货物名称", "貨物名稱", "品名",
              "paglalarawan"),
    "hs": ("hs code", "hs", "kode hs", "kod hs", "codigo hs", "ma hs", "税则号", "稅則號",
           "编码", "編碼"),
    "quantity": ("quantity", "qty", "jumlah unit", "kuantiti", "kuantitas", "dami", "quantidade",
                 "so luong", "数量", "數量"),
    "price": ("unit price", "price", "harga satuan", "harga seunit", "presyo", "preco",
              "preco unitario", "don gia", "单价", "單價"),
    "amount": ("amount", "nilai", "amaun", "halaga", "valor", "thanh tien", "金额", "金額"),
}
PAPERS: dict[str, tuple[str, ...]] = {
    "invoice": ("invoice", "commercial invoice", "faktur", "invois", "resibo", "fatura",
                "hoa don", "发票", "發票"),
    "packing": ("packing list", "senarai bungkusan", "daftar kemasan", "listahan ng pakete",
                "lista de embalagem", "phieu dong goi", "装箱单", "裝箱單"),
    "certificate": ("certificate of origin", "surat keterangan asal", "sijil tempat asal",
                    "sertipiko ng pinagmulan", "certificado de origem", "chung nhan xuat xu",
                    "原产地证", "原產地證"),
}
CURRENCIES = ("USD", "CNY", "RMB", "EUR", "THB", "VND", "IDR", "MYR", "PHP", "SGD", "KHR", "LAK",
              "MMK", "BND", "HKD", "TWD", "JPY", "AUD")
INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
"""Incoterms 2020, International Chamber of Commerce."""


def plain(text: str) -> str:
    """Lower case without accents, spaces and points: how words are compared."""
    text = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in text if sign.isalnum())


def _by_length(words: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    pairs = {(plain(word), key) for key, each in words.items() for word in each}
    return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))


LABEL_WORDS, COLUMN_WORDS, PAPER_WORDS = (_by_length(each) for each in (LABELS, COLUMNS, PAPERS))
