"""`mingbai prove desk`: conversations with the desk, graded by exact state and facts.

Knows the desk from outside: what it said, the turn it wrote down, and the rows before and after. Its readers of figures,
scripts and rights are its own, so that a fault of `turn/check` or `shop/skills` is no fault of the grade.
"""
