"""Makes calls without holding up the program that waits for them."""
