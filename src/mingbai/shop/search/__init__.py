"""Search over a shop's products, policies and reviews: two languages, hybrid, explained, and silent when nothing fits.

The index is derived: it can be deleted at any time and is made again from the shop's rows. It holds hashes of words,
vectors and ids, never a text.
"""
