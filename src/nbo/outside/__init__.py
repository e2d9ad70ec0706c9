"""Code of the calling system that a decision asks, scorers and stores, held to time and room.

In: their functions and how much each may take. Out: the answers that came in time. Nothing here knows a pack or a decision.
"""
