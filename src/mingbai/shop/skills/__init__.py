"""What the shop can look up, compute and do: one typed function per skill, listed in `table.SKILLS`.

A skill reads rows and returns facts worded in both languages. It knows no model and no wire.
"""
