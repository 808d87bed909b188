'''The screens of the desk, one task to a file. Each is a row of ``kiosk.app.SCREENS``; none imports another.

How to write a screen
---------------------
Add its row to ``kiosk.app.SCREENS`` (a job of the menu appears there by itself: see ``JOBS`` in ``home.py``), then
::

    """What the screen is for, and who uses it."""

    class AwardScreen(DeskScreen, inherit_bindings=False):
        """What it does, in a sentence."""

        BINDINGS = keys.bindings("award.confirm", "shell.back")     # ids in kiosk.keys
        takes = (PersonCard, HouseholdCard)                     # the kinds of code it listens to

        def __init__(self, station): ...                            # the state: one value, nothing kept in widgets
        def compose_body(self): ...                                 # widgets, texts by self.say("award.title")
        def draw(self): ...                                         # puts the state on the widgets
        async def take_scan(self, heard): ...                  # a scan of a kind in ``takes``
        @on(ChoiceList.Chosen) ...                                  # messages of its widgets
        def action_confirm(self): self.work(self._confirm())        # one for each binding: action_<verb>
        async def _confirm(self): ...                               # work: store and questions

The order inside the file is that one. Texts stand in ``kiosk/locale/<language>/<screen>.toml``, in both languages.

*Scans.* ``take_scan(heard)`` gets one scan at a time, in order; ``heard.code`` is what ``kiosk.codes`` made of
``heard.scan``.
A kind that is not in ``takes`` is refused before. When it returns, the hand hears the tone of goods or card; if it
raises ``Refused``, the refusal's. ``self.acknowledge(Signal.DOUBLE)`` gives another tone, and at once. ``Unknown`` and
``Misread`` are kinds like the others: take them only to say something better than "of no use here".

*Work.* Whatever waits (the store, a question) runs in ``take_scan`` or in a coroutine given to ``self.work``. While it
runs, scans and keys of this screen wait in order, so nothing happens twice and a confirm key cannot overtake a scan. A
``Refused`` that comes out of it is shown. It is never cancelled, and it must not assume that its screen is still there.

*The store.* ``await self.station.do(redeem_basket, basket, card)`` runs ``redeem_basket(store, basket, card, now=...,
by=...)`` on the store's thread and gives its outcome after the commit. ``await self.station.read(find_goods, gtin)``
runs ``find_goods(store, gtin)``. Import domain functions inside the method that uses them: the first frame of the
program is drawn before the store's libraries are loaded, and screens open after that.

*Refusals.* Raise ``Refused(code, **parameters)`` or let the domain's through: ``kiosk/locale/*/refusal.toml`` has
``[code]`` with ``reason`` and ``next``. The panel stays until the next action.

*Questions.* ``answer = await self.ask(QuantityModal(self.station, title))`` inside work. None means: gone back. The
question gets scans and keys while it is open. Ready ones: ``modals.confirm``, ``quantity``, ``choice``, ``badge``.

*Keys.* Register an action once in ``kiosk.keys.ACTIONS`` (id ``award.confirm``, keys, command card number) with its
texts in ``keys.toml``; ``BINDINGS = keys.bindings(...)``; the method is ``action_confirm``. ``check_action`` hides what
the state does not allow. Keys of the number pad only; + confirms, - goes back, Enter never does anything. There is no
focus to keep: a ``ChoiceList`` or ``NumberEntry`` on the screen has it; hide or show them and call ``set_focus``.

*Language and size.* Both change while the screen is open: ``compose_body`` and ``draw`` run again, so whatever must
survive is in the screen's own attributes.

*Going elsewhere.* ``self.station.shell.open("find")`` puts a screen on top, ``self.dismiss()`` leaves it,
``go_home()`` leaves all. ``open("till", heard)`` hands a scan on.

In tests: ``tests/screens.py`` (a screen in memory, scans by text, the picture as lines) and ``tests/terminal.py`` (the
program in a real pseudo-terminal).
'''
