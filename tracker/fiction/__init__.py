"""A made-up cohort, for trying the product out and for benches: no row of it is about anybody."""
