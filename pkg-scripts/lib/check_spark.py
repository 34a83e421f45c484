"""Makes an archive of the labelled reports, with bad rows among them, has examples/spark assess it, and checks what is written.

usage: check_spark.py --rows N                          checks; the run is killed on its way, goes on, and later takes a new file
       check_spark.py --rows N --compare TRAINER RUNS   the time of Spark beside that of `trainer score`, in turn on the same reports

pkg-scripts/check-spark runs it. How texts are assessed is left to the example, and whether the wheel is right to tests/python.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import salesmirror

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "work/spark"
MODEL = ROOT / "www/models/default"
EXAMPLE = ROOT / "examples/spark"
FILES = 8
CORES = 2
#: Quiet, and nothing listens for others.
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.local.dir": str(WORK / "temporary"),
}
#: Of so many rows one is bad, and of so many texts one is a whole report; the others are one or two sentences.
BAD_EVERY, WHOLE_EVERY = 25, 20

#: Bad rows by kind: what is in the archive, and the code of the error that is kept with the row.
BAD = {
    "null": (None, "empty_text"),
    "empty": (b"", "empty_text"),
    "blank": (" \u200b\n".encode(), "empty_text"),
    "no letters": ("👍👍".encode(), "empty_text"),
    "too long": (b"x" * (200 * 1024 + 1), "text_too_long"),
    "binary": (b"PK\3\4" + bytes(40), "not_text"),
    "GBK": ("我先问清客户的预算，再分两期报价。".encode("gbk"), "not_text"),
    "surrogate": ("I called back the same day.".encode() + "\ud83d".encode("utf-8", "surrogatepass"), "not_text"),
    "cut": ("我当天就回了电话。".encode()[:-4], "not_text"),
    # Not an error: it is assessed, and says of itself that its language is not known.
    "other language": ("Я позвонил клиенту в тот же день и отправил ему протокол встречи.".encode(), None),
}


def reports():
    """The texts of all labelled reports."""
    for file in sorted((ROOT / "data/reports").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").split("\n"):
            if line:
                yield json.loads(line)["text"]


def pieces(text):
    """Each sentence of a text, and each two that follow one another."""
    sentences = [s.strip() for s in re.split(r"(?<=[.!?])\s+|(?<=[。！？])|\n+", text) if any(map(str.isalnum, s))]
    yield from sentences
    yield from (f"{one} {other}" for one, other in zip(sentences, sentences[1:]))


def short_texts():
    """Different short texts: the first piece of every report, then the second, and so on."""
    seen = set()
    left = [pieces(text) for text in reports()]
    while left:
        following = []
        for of_one in left:
            piece = next(of_one, None)
            if piece is None:
                continue
            following.append(of_one)
            if piece not in seen:
                seen.add(piece)
                yield piece
        left = following


def archive_rows(rows):
    """Rows of the archive: what kind a row is of, and its text in bytes."""
    whole, short, kinds = list(reports()), short_texts(), list(BAD)
    for row in range(rows):
        if row % BAD_EVERY == BAD_EVERY - 1:
            kind = kinds[row // BAD_EVERY % len(kinds)]
            yield kind, BAD[kind][0]
        elif row % WHOLE_EVERY == 0:
            yield "report", whole[row // WHOLE_EVERY % len(whole)].encode()
        else:
            yield "sentences", next(short).encode()


def write_parquet(path, first, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    kinds, texts = zip(*rows)
    # Not `safe`: texts that are not UTF-8 are strings in the archive, as other programs may have written them.
    texts = pa.array(texts, pa.binary()).cast(pa.string(), safe=False)
    ids = pa.array(range(first, first + len(kinds)), pa.int64())
    pq.write_table(pa.table({"id": ids, "text": texts, "kind": kinds}), path)


def write_archive(folder, rows):
    """Writes rows to files of two years; returns how many are in each file."""
    size = -(-len(rows) // FILES)
    for n, first in enumerate(range(0, len(rows), size)):
        write_parquet(folder / f"year={2024 + n % 2}/{n}.parquet", first, rows[first : first + size])
    return size


def start(archive, output, *options, log):
    """Starts the example as a user does, on two cores."""
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [Path(sys.executable).with_name("spark-submit"), "--master", f"local[{CORES}]", "--driver-memory", "2g"]
    command += [part for setting in SETTINGS.items() for part in ("--conf", "=".join(setting))]
    command += [EXAMPLE / "score_archive.py", "--input", archive, "--output", output, *options]
    return subprocess.Popen([str(part) for part in command], env=environment, stdout=log, stderr=log, start_new_session=True)


def run(archive, output, *options):
    with open(WORK / "spark.log", "w+", encoding="utf-8") as log:
        if start(archive, output, *options, log=log).wait() != 0:
            log.seek(0)
            raise SystemExit(f"the example failed:\n{log.read()[-4000:]}")


def run_until_killed(archive, output, *options):
    """Kills a run as soon as it writes its second batch."""
    with open(WORK / "killed.log", "w", encoding="utf-8") as log:
        process = start(archive, output, *options, log=log)
        while not list(output.glob("*/batch=1")):
            if process.poll() is not None:
                raise SystemExit(f"the run ended before it could be killed, see {WORK}/killed.log")
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    require(not list(output.glob("*/batch=1/_SUCCESS")), "the second batch was written before the run could be killed")


def written(output):
    return {path: path.stat().st_mtime_ns for path in output.rglob("*.parquet") if "_temporary" not in path.parts}


def finished(output):
    """The files of the batches that are finished."""
    return {path: at for path, at in written(output).items() if (path.parent / "_SUCCESS").exists()}


def as_read(output):
    """The output as any reader of Parquet sees it, by id."""
    table = ds.dataset(output, format="parquet", partitioning="hive").to_table()
    return sorted(table.to_pylist(), key=lambda row: row["id"])


def f32(number):
    return None if number is None else struct.unpack("f", struct.pack("f", number))[0]


def expected(result):
    """What the example must write of a text, by the wheel's own assessment."""
    if isinstance(result, salesmirror.SalesMirrorError):
        return {"error": {"code": result.code, "message": str(result)}}
    overall = {"overall": result["overall"]} if result["overall"] else {}
    parts = {**overall, **{competency["id"]: competency for competency in result["competencies"]}}
    row = {"language": result["language"], "account": result["account"]["accepted"]}
    for name, part in parts.items():
        low, high = part["interval"] or (None, None)
        row[name] = {"level": f32(part["level"]), "low": f32(low), "high": f32(high)}
        if name != "overall":
            evidence = [{key: piece[key] for key in ("start", "end", "polarity")} for piece in part["evidence"]]
            row[name] |= {"presence": f32(part["presence"]), "evidence": evidence}
    return row


def without_nulls(row):
    return {name: value for name, value in row.items() if value is not None}


def require(condition, message):
    if not condition:
        raise SystemExit(f"check-spark: {message}")


def check_rows(found, rows, first_of_file):
    """Every row is there once, with its other columns; bad ones have their error, and samples have the wheel's bits."""
    require([row["id"] for row in found] == list(range(len(rows))), f"{len(found)} rows instead of {len(rows)}, or other ids")
    mirror = salesmirror.Assessor.load()
    model = f"{mirror.model['id']}-{mirror.model['sha256'][:8]}"
    errors = {}
    for (kind, text), row in zip(rows, found):
        require((row["kind"], row["model"]) == (kind, model) and "text" not in row, f"row {row['id']} has other columns: {row}")
        require(row["year"] == 2024 + first_of_file(row["id"]) % 2, f"row {row['id']} has the year {row['year']}")
        error = row["assessment"]["error"]
        code = BAD[kind][1] if kind in BAD else None
        require((error and error["code"]) == code, f"row {row['id']} ({kind}) has the error {error}, and should have {code}")
        if error:
            require(len(error["message"]) > 20, f"the error of row {row['id']} has no reason")
            errors.setdefault(f"{kind}: {error['message'][:90]}", []).append(row["id"])
    sample = [row for (kind, _), row in zip(rows, found) if kind == "report"][:: max(1, len(rows) // WHOLE_EVERY // 100)]
    sample += [row for (kind, _), row in zip(rows, found) if kind == "sentences"][:: max(1, len(rows) // 100)]
    sample += [row for (kind, _), row in zip(rows, found) if kind == "other language"][:1]
    results = mirror.assess_batch([rows[row["id"]][1].decode() for row in sample], errors="return")
    levels = 0
    for row, result in zip(sample, results):
        want = expected(result)
        require(without_nulls(row["assessment"]) == want, f"row {row['id']} is not what the wheel says: {row['assessment']}, {want}")
        levels += sum(competency["level"] is not None for competency in result["competencies"])
    require(levels > 0, "no text of the sample shows anything")
    foreign = [row["assessment"]["language"] for row in found if row["kind"] == "other language"]
    require(set(foreign) == {"other"}, f"the other language is called {set(foreign)}")
    for kind, ids in sorted(errors.items()):
        print(f"  {len(ids):6}  {kind}")
    print(f"{len(found)} rows kept, {sum(map(len, errors.values()))} with an error; {len(sample)} compared with the wheel, {levels} levels, to the last bit")


def check_one_assessor_for_each_process():
    """Tasks that follow one another in a worker process use the same assessor."""
    from pyspark.sql import SparkSession

    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    spark = SparkSession.builder.master(f"local[{CORES}]").config(map=SETTINGS).getOrCreate()
    spark.sparkContext.addPyFile(str(EXAMPLE / "assessing.py"))

    def loads(batches):
        import os

        import assessing
        import pyarrow as pa

        texts = (pa.RecordBatch.from_pydict({"text": ["I called back."] * batch.num_rows}) for batch in batches)
        for _ in assessing.assess_batches(texts, "text", False):
            pass
        yield pa.RecordBatch.from_pydict({"process": [os.getpid()], "loads": [assessing.assessor.cache_info().misses]})

    tasks = spark.range(0, 64, numPartitions=16).mapInArrow(loads, "process long, loads long").collect()
    spark.stop()
    processes = {task.process for task in tasks}
    require(len(tasks) == 16 and len(processes) <= CORES, f"{len(tasks)} tasks ran in {len(processes)} processes")
    require({task.loads for task in tasks} == {1}, f"a process loaded the model more than once: {tasks}")
    print(f"{len(tasks)} tasks in {len(processes)} worker processes, each of which loaded the model once")


def check(count_of_rows):
    rows = list(archive_rows(count_of_rows))
    archive, output = WORK / "archive", WORK / "levels"
    size = write_archive(archive, rows)
    began = time.monotonic()
    # With the files of a model sent to the workers; the run after it has the model of the wheel, which is the same.
    run_until_killed(archive, output, "--model", MODEL, "--files-per-batch", 1)
    before = finished(output)
    run(archive, output, "--model", MODEL, "--files-per-batch", 1)
    took = time.monotonic() - began
    after = written(output)
    require(before and before.items() <= after.items(), "the run that went on has written finished batches again")
    check_rows(as_read(output), rows, lambda row: row // size)
    print(f"{took:.0f} s with the run that was killed: {len(rows) / took:.1f} rows/s on {CORES} cores")

    # A later file of the archive, copied with its old date.
    more = rows[:50]
    late = archive / "year=2024/late.parquet"
    write_parquet(late, len(rows), more)
    os.utime(late, (1e9, 1e9))
    run(archive, output)
    require(after.items() <= written(output).items(), "the run with a new file has written other batches again")
    found = as_read(output)[len(rows) :]
    require([row["kind"] for row in found] == [kind for kind, _ in more], f"of the new file, {len(found)} rows were written")
    print(f"killed, gone on, and gone on with a new file: {len(before)} finished files were left as they were")
    check_one_assessor_for_each_process()


def compare(count_of_rows, trainer, runs):
    """Both assess the same whole reports, in turn. What one text takes is what starting and ending take."""
    texts = list(reports())
    texts = texts[:: max(1, len(texts) // count_of_rows)][:count_of_rows]
    seconds = {}
    for name, sample in {"one": texts[:1], "all": texts}.items():
        rows = [("report", text.encode()) for text in sample]
        write_archive(WORK / name / "archive", rows)
        write_parquet(WORK / name / "archive.parquet", 0, rows)
    for repeat in range(runs):
        for name in ("one", "all"):
            folder = WORK / name
            # Each goes first in every other run.
            for program in ("trainer", "spark") if repeat % 2 else ("spark", "trainer"):
                shutil.rmtree(folder / "levels", ignore_errors=True)
                began = time.monotonic()
                if program == "spark":
                    run(folder / "archive", folder / "levels")
                else:
                    command = [trainer, "score", "--model", MODEL / "model.gguf", "--input", folder / "archive.parquet"]
                    subprocess.run([*command, "--out", folder / "levels.parquet"], check=True, capture_output=True)
                seconds.setdefault((program, name), []).append(time.monotonic() - began)
    for (program, name), values in sorted(seconds.items()):
        print(f"{program:8} {name:4} {statistics.median(values):7.2f} s ({min(values):.2f} to {max(values):.2f})")
    rate = {}
    for program in ("spark", "trainer"):
        starting = statistics.median(seconds[program, "one"])
        rate[program] = [(len(texts) - 1) / (every - starting) for every in seconds[program, "all"]]
        print(f"{program:8} {statistics.median(rate[program]):.2f} reports/s ({min(rate[program]):.2f} to {max(rate[program]):.2f}), without starting")
    ratios = [spark / trainer for spark, trainer in zip(rate["spark"], rate["trainer"])]
    words = f"{len(texts)} reports, {sum(map(len, texts)) / len(texts):.0f} characters on average, {runs} runs, {CORES} cores"
    print(f"Spark has {statistics.median(ratios):.2f} times the throughput of trainer score ({min(ratios):.2f} to {max(ratios):.2f}): {words}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--compare", nargs=2, metavar=("TRAINER", "RUNS"))
    options = parser.parse_args()
    for made in ("archive", "levels", "one", "all", "temporary"):
        shutil.rmtree(WORK / made, ignore_errors=True)
    if options.compare:
        compare(options.rows, options.compare[0], int(options.compare[1]))
    else:
        check(options.rows)
