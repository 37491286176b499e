"""`mingbai prove placeholders`: do placeholders come back from a real model as they went?

`asks` makes the questions, `grade` reads an answer, `run` asks them by the very path on which words leave for a place.
"""
