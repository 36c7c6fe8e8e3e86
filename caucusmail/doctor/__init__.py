"""``flask doctor``: whether everything around us that letters depend on is as it must be, in plain words.

It looks and asks, and changes nothing: no letter is sent, no row is written.
"""
