"""The meeting desk: meetings are called, people sign in, the meeting begins and ends, and the sheet shows who came.

``state`` is what the desk knows at a moment, ``face`` what people see while cards are scanned and ``figure`` how it is
drawn, ``wording`` the lines of the lists, ``offered`` which keys mean something, ``screen`` the screen itself. What it
does stands in ``calling`` (a meeting is called), ``arrivals`` (somebody comes, or a sign-in is taken back), ``ending``,
``roll`` (the list of those expected), ``papers`` and ``errands`` (what is rare).
"""

from kiosk.screens.meeting.screen import MeetingScreen

__all__ = ["MeetingScreen"]
