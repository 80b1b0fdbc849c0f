"""Durable work: a task is a row, a worker holds a lease on it, and what was running goes on after a crash."""
