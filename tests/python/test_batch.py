"""Many texts: order, errors, threads, interrupts, and data frames."""

import io
import json
import signal
import sys
import threading
import time

import pytest

import salesmirror


def test_a_batch_is_in_order_and_equals_single_texts(assessor, reports):
    texts = [report["text"] for report in reports[:6]]
    assert assessor.assess_batch(texts, threads=3) == [assessor.assess(text) for text in texts]
    assert assessor.assess_batch([]) == []


def test_errors_are_raised_or_returned_in_their_place(assessor):
    texts = ["I called.", "", "I wrote."]
    with pytest.raises(salesmirror.TextError):
        assessor.assess_batch(texts)
    first, error, last = assessor.assess_batch(texts, errors="return")
    assert isinstance(error, salesmirror.TextError) and error.code == "empty_text"
    assert [first["length"]["sentences"], last["length"]["sentences"]] == [1, 1]


def test_other_python_threads_go_on(assessor, reports):
    texts = [report["text"] for report in reports[:10]]

    def counted(work):
        """How often another thread wakes up while the work is done."""
        ticks, stop = 0, threading.Event()

        def tick():
            nonlocal ticks
            while not stop.wait(0.002):
                ticks += 1

        ticker = threading.Thread(target=tick)
        ticker.start()
        work()
        stop.set()
        ticker.join()
        return ticks

    # With the lock held, the other thread would not wake up at all.
    assert counted(lambda: assessor.assess_batch(texts, threads=1)) > 20
    assert counted(lambda: assessor.assess("\n".join(texts))) > 20


def test_two_threads_are_timed(assessor, reports, capsys):
    """Printed and not asserted, because machines are shared."""
    texts = [report["text"] for report in reports[:20]]
    seconds = {}
    for threads in (1, 2, 1, 2):
        start = time.perf_counter()
        assessor.assess_batch(texts, threads=threads)
        seconds.setdefault(threads, []).append(time.perf_counter() - start)
    one, two = (min(seconds[threads]) for threads in (1, 2))
    with capsys.disabled():
        print(f"\n{len(texts)} reports: one thread {one:.2f} s, two {two:.2f} s ({one / two:.2f} times as fast)")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_batch_can_be_interrupted(assessor, reports):
    texts = [report["text"] for report in reports] * 50
    timer = threading.Timer(0.5, lambda: signal.raise_signal(signal.SIGINT))
    # Python ignores the signal where it is started in the background of a script.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            assessor.assess_batch(texts)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_frame_gets_levels_intervals_and_errors(assessor, reports):
    pandas = pytest.importorskip("pandas")
    texts = [reports[0]["text"], reports[20]["text"], "", None]
    frame = pandas.DataFrame({"notes": texts, "seller": list("abcd")}, index=[7, 3, 9, 1])
    scored = salesmirror.assess_frame(frame, text="notes", assessor=assessor)
    assert list(scored.index) == [7, 3, 9, 1]
    for row, text in zip(scored.to_dict("records"), texts[:2]):
        assessment = assessor.assess(text)
        assert row["account"] == assessment["account"]["accepted"] and pandas.isna(row["error"])
        for competency in assessment["competencies"]:
            found = [row[f"{competency['id']}.{part}"] for part in ("level", "low", "high")]
            expected = [competency["level"], *(competency["interval"] or (None, None))]
            for value, wanted in zip(found, expected):
                assert pandas.isna(value) if wanted is None else value == pytest.approx(wanted, abs=1e-6)
    assert scored["overall"].notna().tolist()[2:] == [False, False]
    assert "empty" in scored.loc[9, "error"] and "empty" in scored.loc[1, "error"]
    # Written and read, it is the same; joined, the rows are those of the texts.
    written = io.StringIO(scored.to_json(orient="split", double_precision=15))
    again = pandas.read_json(written, orient="split").astype(scored.dtypes.to_dict())
    pandas.testing.assert_frame_equal(again, scored, check_dtype=False)
    assert frame.join(scored).loc[3, "seller"] == "b"
    with pytest.raises(KeyError):
        salesmirror.assess_frame(frame, assessor=assessor)


def test_an_empty_frame_has_the_same_columns(assessor):
    pandas = pytest.importorskip("pandas")
    scored = salesmirror.assess_frame(pandas.DataFrame({"text": []}), assessor=assessor)
    assert len(scored) == 0 and {"overall", "growth.level", "account", "error"} <= set(scored.columns)


def test_the_dicts_are_json(assessor):
    assessment = assessor.assess("I called the customer back on the same day.")
    assert json.loads(json.dumps(assessment)) == assessment
