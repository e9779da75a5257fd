"""Exact kernels for single units and divisible quantities: whole numbers, plain arrays, compiled by Numba.

Rows are needs and columns are lots, but nothing here knows it: every function takes one side's lists and works the
same with the sides exchanged. Node and edge numbers are int32, money is int64. `decide` is the way in.
"""
