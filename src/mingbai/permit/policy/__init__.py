"""Who may see, change or be sent what, by rules that a lawyer can read. Deny by default; any error is a deny."""
