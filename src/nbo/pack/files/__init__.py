"""The models of the rule files: which keys each has and what form their values take.

What the values mean together (does the script exist, does the condition type-check) is settled by the linker.
"""
