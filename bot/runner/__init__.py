"""The one path every action takes: logged, queued behind its order's others, carried out, told.

It survives being killed at any point, and never sees a Slack payload.
"""
