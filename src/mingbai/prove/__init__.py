"""Suites, graders and reports: asks the running service and says how often it was right. Knows the service only by its URL."""
