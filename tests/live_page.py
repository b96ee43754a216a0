"""A page of an explorer, without a browser: asks, drags, and keeps what it was told."""

import json
import xml.etree.ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


class ExplorerPage:
    """A page of one explorer. `panels` are the SVG elements that it shows now."""

    def __init__(self, view, *, reduced=False, name="page"):
        self.view, self.name, self.reduced = view, name, reduced
        self.number, self.state, self.panels, self.size = 0, {}, [], 0
        self.ask(full=True)

    def ask(self, *calls, seconds=0.0, full=False, **changes):
        """Send a request, show the answer, and return it."""
        self.number += 1
        request = {"view": self.name, "number": self.number, "seconds": seconds, "full": full}
        request |= {"reduced": self.reduced, "set": changes, "do": [list(call) for call in calls]}
        content, _ = self.view.answer(json.loads(json.dumps(request)))
        sent = json.dumps(content, allow_nan=False)
        self.size, content = len(sent), json.loads(sent)
        self.state |= content
        self.show(content["panels"])
        return content

    def show(self, panels):
        """Take the panels of an answer; an empty fixed group stands for the one that is there."""
        there = {
            group.get("data-fixed"): group
            for panel in self.panels
            for group in panel.iter(f"{SVG}g")
            if group.get("data-fixed")
        }
        self.panels = [ET.fromstring(text) for text in panels]
        for panel in self.panels:
            for group in panel.iter(f"{SVG}g"):
                if group.get("data-fixed") and not len(group):
                    group.extend(list(there[group.get("data-fixed")]))

    def press(self, name):
        """Press a button."""
        return self.ask((name, {}))

    def drag(self, name, x, y, grip="a"):
        """Drag a handle to a place of its panel."""
        return self.ask(("drag", {"name": name, "x": x, "y": y, "grip": grip}))

    def tap(self, name):
        """Press something in the picture."""
        return self.ask(("tap", {"name": name}))

    def play(self, seconds, step=0.05):
        """Let time pass as long as it plays; return the seconds that passed."""
        passed = 0.0
        while passed < seconds and self.state["playing"]:
            self.ask(seconds=step)
            passed += step
        return passed

    # -- what it shows -----------------------------------------------------------------------------

    def svg(self):
        """Return the panels as text."""
        return [ET.tostring(panel, encoding="unicode") for panel in self.panels]

    def elements(self, attribute):
        """Return {value of the attribute: element} of all elements that have it."""
        found = (e for panel in self.panels for e in panel.iter() if e.get(attribute) is not None)
        return {element.get(attribute): element for element in found}

    def handles(self):
        """Return {name: (x, y)} of the handles that the keyboard reaches."""
        handles = self.elements("data-drag").items()
        return {
            name: tuple(map(float, e.get("data-at").split()))
            for name, e in handles
            if e.get("tabindex")
        }

    def texts(self):
        """Return every text in the picture."""
        return [e.text for panel in self.panels for e in panel.iter(f"{SVG}text")]
