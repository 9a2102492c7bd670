"""What people and software may say in the incubator: one validation path for all of them."""
