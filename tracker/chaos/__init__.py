"""The machinery of `manage.py chaos`: a product of its own, faults, a counting receiver, a verdict.

It looks at the product from outside only: its processes, its HTTP, its database by plain SQL.
"""
