"""The stage without a browser: wishes, frames, the lease, faults, one show a cell."""

import asyncio
import base64
import threading
from types import SimpleNamespace

import pytest

from nnlib.live import driver
from nnlib.live.driver import Stage


class Counter:
    """A scene that counts what is asked of it."""

    def __init__(self):
        self.value, self.applied, self.advanced, self.drawn = 0, [], [], 0
        self.broken = None

    def apply(self, name, value):
        self.applied.append((name, value))
        setattr(self, name, value)

    def advance(self, seconds):
        self.advanced.append(seconds)

    def draw(self):
        self.drawn += 1
        if self.broken:
            raise self.broken
        return f"<svg>{self.value}</svg>", f"The value is {self.value} < 5"

    def still(self):
        return b"a picture"


@pytest.fixture
def scene():
    return Counter()


def press(stage):
    """A sign of life: the button goes down, up before that where it is down."""
    stage.toggle.value = False
    stage.toggle.value = True


def on_a_loop(test):
    """Run `test()`, an async function, on a loop of its own."""
    asyncio.run(asyncio.wait_for(test(), 20))


async def until(condition, seconds=10):
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < end, "it never came true"
        await asyncio.sleep(0.005)


def test_the_first_frame_is_there_at_once(scene):
    stage = Stage(scene)
    assert stage.picture.value == "<svg>0</svg>"
    assert "The value is 0 &lt; 5" in stage.readout.value
    assert stage.text == "The value is 0 < 5"
    assert not stage.playing


def test_of_many_wishes_the_newest_counts_and_the_order_stays(scene):
    stage = Stage(scene)
    for value in range(50):
        stage.want("value", value)
        stage.want("other", -value)
    stage.want("value", 7)
    assert scene.applied == []
    stage.show()
    assert scene.applied == [("other", -49), ("value", 7)]
    assert stage.picture.value == "<svg>7</svg>"
    stage.show()
    assert len(scene.applied) == 2


def test_a_frame_is_one_message(scene, monkeypatch):
    monkeypatch.setattr(driver, "PATIENCE", 0)  # so that this frame asks for a receipt
    stage, sent = Stage(scene), []
    monkeypatch.setattr(stage.picture, "send_state", lambda key=None: sent.append(set(key)))
    scene.value = 3
    stage.show()
    assert sent == [{"value", "placeholder"}]


def test_the_picture_for_a_page_without_a_kernel(scene):
    stage = Stage(scene)
    data, metadata = stage.bundle(stage.controls)
    assert base64.b64decode(data["image/png"]) == b"a picture"
    assert data["text/plain"] == stage.text == metadata["image/png"]["alt"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_an_error_is_shown_in_words_and_the_next_wish_works(scene):
    stage = Stage(scene)
    press(stage)
    scene.broken = ZeroDivisionError("no <b>way</b>")
    stage.show(0.01)
    assert "Stopped: ZeroDivisionError: no &lt;b&gt;way&lt;/b&gt;" in stage.readout.value
    assert not stage.playing and not stage.toggle.value
    scene.broken = None
    stage.want("value", 4)
    stage.show()
    assert stage.picture.value == "<svg>4</svg>" and "The value is 4" in stage.readout.value


def test_the_task_shows_a_wish_of_another_thread(scene):
    async def test():
        stage = Stage(scene)
        await asyncio.sleep(0.05)
        before = scene.drawn
        threading.Thread(target=stage.want, args=("value", 9)).start()
        await until(lambda: stage.picture.value == "<svg>9</svg>", 1)
        assert scene.drawn == before + 1 and scene.advanced == []
        stage.close()

    on_a_loop(test)


def test_play_moves_and_silence_ends_it(scene, monkeypatch):
    monkeypatch.setattr(driver, "LEASE", 0.3)
    monkeypatch.setattr(driver, "FORGOTTEN", 0.2)

    async def test():
        stage = Stage(scene)
        press(stage)
        await until(lambda: stage.toggle.description == "Pause")
        await until(lambda: len(scene.advanced) >= 3)
        assert stage.playing and set(scene.advanced) == {stage.budget}
        await until(lambda: not stage.playing, 1)
        moved = len(scene.advanced)
        await until(lambda: not stage.toggle.value, 1)
        await until(lambda: stage.toggle.description == "Play")
        assert len(scene.advanced) <= moved + 1
        stage.close()

    on_a_loop(test)


def test_pause_ends_the_motion_at_once(scene):
    async def test():
        stage = Stage(scene)
        press(stage)
        await until(lambda: scene.advanced)
        stage.toggle.value = False
        moved = len(scene.advanced)
        await asyncio.sleep(0.15)
        assert len(scene.advanced) == moved
        answer(stage)  # late
        assert not stage.playing
        stage.close()

    on_a_loop(test)


def test_when_the_motion_ends_one_more_frame_says_so(scene):
    async def test():
        stage, said = Stage(scene), []

        def noted():
            said.append(stage.playing)
            return f"<svg>{len(said)}</svg>", f"frame {len(said)}"

        scene.draw = noted
        press(stage)
        await until(lambda: len(said) >= 3)
        stage.toggle.value = False
        await until(lambda: said[-1] is False, 1)
        await asyncio.sleep(0.15)
        assert said.count(False) == 1 and scene.advanced[-1] == stage.budget
        assert stage.picture.value == f"<svg>{len(said)}</svg>"
        assert f"frame {len(said)}" in stage.readout.value  # no text of an earlier picture
        stage.close()

    on_a_loop(test)


def test_a_storm_of_wishes_gives_at_most_sixty_frames_a_second(scene):
    async def test():
        stage = Stage(scene)
        clock = asyncio.get_running_loop().time
        began, before = clock(), scene.drawn
        value = 0
        while clock() < began + 0.5:
            value += 1
            stage.want("value", value)
            await asyncio.sleep(0.001)
        await until(lambda: stage.picture.value == f"<svg>{value}</svg>", 1)
        assert 2 <= scene.drawn - before <= 0.5 * 60 + 3
        stage.close()

    on_a_loop(test)


def answer(stage):
    """What the browser does with a picture that asks for a receipt."""
    stage._receipt.value = stage.picture.placeholder


async def frames_until_it_waits(scene, stage):
    """How many pictures are sent before the stage waits for a receipt, which doesn't come."""
    drawn, asked = scene.drawn, None
    for _ in range(100):
        before = scene.drawn
        press(stage)
        await asyncio.sleep(0.1)
        if asked is None and stage.picture.placeholder != stage._receipt.value:
            asked = scene.drawn
        if asked and scene.drawn == before:
            return scene.drawn - drawn
    raise AssertionError("it never waits")


def test_a_slow_line_has_few_pictures_on_their_way(scene, monkeypatch):
    monkeypatch.setattr(driver, "PATIENCE", 60)
    monkeypatch.setattr(driver, "TICK", 0.0)  # every answered picture asks again

    async def test():
        stage = Stage(scene)
        answer(stage)
        assert await frames_until_it_waits(scene, stage) == 1 + driver.MANY
        await asyncio.sleep(driver.SLOW)
        answer(stage)  # late
        assert await frames_until_it_waits(scene, stage) == 1 + driver.FEW
        stage.want("value", 3)
        await asyncio.sleep(0.1)
        assert stage.picture.value == "<svg>0</svg>"
        answer(stage)
        await until(lambda: stage.picture.value == "<svg>3</svg>", 1)
        stage.close()

    on_a_loop(test)


def test_a_lost_receipt_holds_the_picture_up_for_a_while_only(scene, monkeypatch):
    monkeypatch.setattr(driver, "PATIENCE", 0.5)

    async def test():
        stage = Stage(scene)
        answer(stage)
        await asyncio.sleep(driver.TICK)
        await frames_until_it_waits(scene, stage)
        stage.want("value", 3)
        await until(lambda: stage.picture.value == "<svg>3</svg>", 1)
        stage.close()

    on_a_loop(test)


def test_without_receipts_every_picture_is_sent(scene):
    async def test():
        stage = Stage(scene)
        for _ in range(10):
            press(stage)
            await asyncio.sleep(0.1)
        assert scene.drawn > 2 * driver.MANY
        stage.close()

    on_a_loop(test)


def test_a_wish_of_the_scene_itself_is_one_more_frame(scene):
    async def test():
        stage = Stage(scene)
        draw = scene.draw

        def ask_three_times():
            if scene.drawn < 4:
                stage.want("more", True)
            return draw()

        scene.draw = ask_three_times
        stage.want("value", 1)
        await until(lambda: scene.drawn >= 5, 1)
        await asyncio.sleep(0.1)
        assert scene.drawn == 5
        stage.close()

    on_a_loop(test)


def test_an_interrupt_leaves_a_stage_that_plays_again(scene):
    async def test():
        stage = Stage(scene)
        scene.broken = KeyboardInterrupt()
        press(stage)
        await until(lambda: "Stopped: KeyboardInterrupt" in stage.readout.value)
        scene.broken = None
        stage._task.cancel()  # as if it had come between two frames
        await asyncio.sleep(0.01)
        press(stage)
        await until(lambda: stage.picture.value == "<svg>0</svg>" and len(scene.advanced) > 2)
        stage.close()

    on_a_loop(test)


def test_a_new_run_of_a_cell_ends_its_old_stages_and_no_others(monkeypatch):
    async def test():
        stages = {}
        monkeypatch.setattr(Stage, "_on_show", {})
        for cell, run in ("a", 1), ("b", 1), ("a", 2), (None, 3):
            monkeypatch.setattr(driver, "_this_cell", lambda cell=cell, run=run: (cell, run))
            stages[cell, run] = [Stage(Counter()), Stage(Counter())]
        await asyncio.sleep(0.01)
        for pair in stages.values():
            for stage in pair:
                stage.want("value", 5)
        await asyncio.sleep(0.1)
        shown = {key: [s.picture.value for s in pair] for key, pair in stages.items()}
        ended = shown.pop(("a", 1))
        assert ended == ["<svg>0</svg>"] * 2
        assert all(values == ["<svg>5</svg>"] * 2 for values in shown.values())
        for pair in stages.values():
            for stage in pair:
                stage.close()

    on_a_loop(test)


def test_a_closed_stage_costs_nothing_and_raises_nothing(scene):
    async def test():
        before = asyncio.all_tasks()
        stage = Stage(scene)
        press(stage)
        await until(lambda: scene.advanced)
        stage.close()
        stage.close()
        moved = len(scene.advanced)
        press(stage)
        stage.want("value", 1)
        await asyncio.sleep(0.1)
        assert len(scene.advanced) == moved
        assert asyncio.all_tasks() == before

    on_a_loop(test)


def test_resting_it_wakes_for_nothing(scene, monkeypatch):
    async def test():
        stage = Stage(scene)
        await asyncio.sleep(0.05)
        calls = []
        monkeypatch.setattr(stage, "_rest", lambda: calls.append(1))
        await asyncio.sleep(0.3)
        assert calls == [] and scene.drawn == 1
        stage.close()

    on_a_loop(test)


# ------------------------------------------------------------------- by a clock that stands still


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves on only where a test says so."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(driver, "monotonic", lambda: clock.now)
    return clock


def test_a_sign_of_life_allows_a_second_and_a_half(scene, clock):
    stage = Stage(scene)
    press(stage)
    clock.now += 1.49
    assert stage.playing
    clock.now += 0.02
    assert not stage.playing and stage.toggle.value
    press(stage)
    assert stage.playing
    clock.now += 1.2
    stage.show()
    answer(stage)  # as the page does with a picture that asks
    clock.now += 1.49
    assert stage.playing
    stage.toggle.value = False
    answer(stage)
    assert not stage.playing


def test_when_the_next_picture_is_due(scene, clock):
    stage = Stage(scene)
    assert stage._rest() is None  # only a wish makes something due
    press(stage)
    stage._began = clock.now
    assert stage._rest() == pytest.approx(1 / 30)  # thirty pictures a second
    stage.want("value", 1)
    assert stage._rest() <= 0
    stage._hurried = clock.now
    assert stage._rest() == pytest.approx(1 / 60)  # and twice as many of wishes
    stage._hurried -= 1
    stage._ended = clock.now
    assert stage._rest() == pytest.approx(0.002)  # the kernel reads its messages in between
    stage.show()
    clock.now += 2  # the browser is silent, and after some seconds the button is up again
    assert stage._rest() == pytest.approx(1.5 + 5 - 2)
    stage.stop()
    assert stage._rest() is None


@pytest.mark.parametrize("late", [0.0, 0.009])
def test_pictures_that_come_late_put_off_no_later_ones(scene, clock, late):
    stage = Stage(scene)
    press(stage)
    stage._began = clock.now
    for k in range(1, 31):
        clock.now += stage._rest() + late
        stage._began = stage._on_the_beat()
        assert stage._began == pytest.approx(1000 + k / 30)
    clock.now += 0.2  # far too late: the beat begins anew, nothing is made up for
    stage._began = stage._on_the_beat()
    assert stage._began == clock.now
    clock.now += 0.01  # early, for a wish
    stage._began = stage._on_the_beat()
    assert stage._began == clock.now


def test_while_it_moves_the_text_changes_twice_a_second(scene, clock):
    stage = Stage(scene)
    press(stage)
    scene.value = 1
    clock.now += 0.49
    stage.show()
    assert "value is 0" in stage.readout.value and stage.text == "The value is 1 < 5"
    clock.now += 0.02
    stage.show()
    assert "value is 1" in stage.readout.value
    scene.value = 2
    stage.stop()
    stage.show()
    assert "value is 2" in stage.readout.value


def test_a_picture_asks_for_a_receipt_now_and_then(scene, clock):
    stage, numbers = Stage(scene), []
    stage.picture.observe(lambda change: numbers.append(change.new), "placeholder")
    answer(stage)
    for seconds in (0.2, 0.1, 0.2, 1.7, 0.2):
        clock.now += seconds
        stage.show()
    # The first was answered, and the next asks after a quarter of a second; that one is lost.
    assert numbers == ["3", "6"]
    stage._receipt.value = "no number"
    assert not stage._backlog()


def test_a_quick_line_may_have_four_pictures_on_their_way(scene, clock):
    stage = Stage(scene)
    for delay, most in ((0.0, 4), (0.25, 4), (0.26, 1)):
        clock.now += 10
        stage.show()
        clock.now += delay
        answer(stage)
        clock.now += 1
        stage.show()  # asks; no answer comes
        sent = 0
        while not stage._backlog():
            stage.show()
            sent += 1
        assert sent == most
        stage.want("value", 1)
        assert stage._rest() == pytest.approx(2)  # then the receipt counts as lost
        stage.show()
        answer(stage)


def test_a_wish_that_stops_the_motion_stops_it_at_once(scene, clock):
    stage = Stage(scene)
    press(stage)
    stage.show(0.01)
    assert scene.advanced == [0.01]
    scene.apply = lambda name, value: stage.stop()
    stage.want("stop", True)
    stage.show(0.01)
    assert scene.advanced == [0.01]


def test_a_frame_moves_in_slices_and_less_where_there_is_a_wish(scene):
    async def test():
        stage = Stage(scene, budget=0.03, slices=3)
        press(stage)
        await until(lambda: len(scene.advanced) >= 6)
        assert set(scene.advanced) == {0.01}
        press(stage)
        stage.want("value", 4)
        await until(lambda: stage.picture.value == "<svg>4</svg>")
        assert min(scene.advanced) == pytest.approx(0.003)
        stage.close()

    on_a_loop(test)


def test_a_hand_at_the_controls_slows_the_motion_for_half_a_second(scene, clock):
    stage = Stage(scene, budget=0.03, slices=4)
    press(stage)
    stage._began = stage._hurried = clock.now
    assert stage._rest() == pytest.approx(1 / 20)
    asyncio.run(stage._advance())
    assert scene.advanced == pytest.approx([0.0045] * 2)  # 0.3 of the budget, in as many slices
    clock.now = stage._began = stage._hurried + 0.51
    assert stage._rest() == pytest.approx(1 / 30)
    asyncio.run(stage._advance())
    assert scene.advanced[2:] == pytest.approx([0.0075] * 4)


def test_the_picture_is_displayed_with_its_description_folded(scene, monkeypatch):
    shown = []
    monkeypatch.setattr(driver, "display", lambda data, **how: shown.append((data, how)))
    stage = Stage(scene)
    stage.display(stage.controls)
    (data, how), (folded, plain) = shown
    assert (data, how["metadata"]) == stage.bundle(stage.controls)
    assert how["raw"] is plain["raw"] is True
    assert folded["text/plain"] == "The value is 0 < 5"
    assert "<details><summary>" in folded["text/html"] and "0 &lt; 5<" in folded["text/html"]


def test_the_cell_that_runs_is_known_from_its_kernel(monkeypatch):
    parent = {"metadata": {"cellId": "cell"}, "header": {"msg_id": "run"}}
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda: parent))
    for there, ids in ((shell, ("cell", "run")), (SimpleNamespace(), (None, None))):
        monkeypatch.setattr(driver, "get_ipython", lambda there=there: there)
        assert driver._this_cell() == ids


@pytest.mark.parametrize("where", ["advance", "apply"])
def test_what_went_wrong_while_it_played_stays_to_be_read(scene, where):
    async def test():
        stage = Stage(scene)
        press(stage)
        await until(lambda: len(scene.advanced) >= 3)

        def fails(*arguments):
            raise ZeroDivisionError(f"in {where}")

        setattr(scene, where, fails)
        stage.want("value", 3)
        await until(lambda: not stage.toggle.value)
        await asyncio.sleep(0.2)
        assert f"Stopped: ZeroDivisionError: in {where}" in stage.readout.value
        stage.close()

    on_a_loop(test)
