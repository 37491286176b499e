"""How much personal data is found, how often something else is taken for it, how fast, and whether masks come off exactly.

The generator (`values`, `disguises`, `lines`) knows nothing of the rules: it imports neither permit nor zh and makes its check
digits itself. Both were written by the same hands, though: CrossWOZ, the reviews and tau-bench were not.
"""
