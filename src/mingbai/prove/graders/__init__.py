"""Graders: an expected answer and a given one go in, a verdict comes out. Pure; a wrong grader is worse than none."""
