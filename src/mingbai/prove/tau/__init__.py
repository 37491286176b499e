"""tau-bench retail, a foreign shop imported whole: its tasks as a customer's messages, graded by the final state of its database.

The tools and the policy are tau2-bench's (sierra-research, MIT); the data is read from the shared folder, never copied.
"""
