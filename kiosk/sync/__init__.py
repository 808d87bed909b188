"""Reporting to the county: enrolment and sessions, run as a process of their own beside the till. No Textual here.

Start in ``session``: the stages of one session. ``client`` is the only place that opens a connection.
"""
