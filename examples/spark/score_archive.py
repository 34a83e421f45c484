"""Assesses an archive of reports in Parquet with Apache Spark, and writes Parquet.

    spark-submit score_archive.py --input reports/ --output levels/

Every row of the archive becomes a row of the output, with all its columns but the text, and with the column `assessment`; where a text cannot
be assessed, `assessment.error` says why. A run that was interrupted goes on with the batch in which it stopped, and a later run takes the files
that are new. Each model has a folder of its own, so that levels of different models are not mixed.
"""

import argparse
from functools import partial
from urllib.parse import quote

import assessing
import salesmirror
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_type
from pyspark.sql.types import StructType


def main(options):
    spark = SparkSession.builder.appName("SalesMirror").getOrCreate()
    # As many texts as `trainer score` holds in memory; each may have 200 kB.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 256)
    spark.sparkContext.addPyFile(assessing.__file__)
    for name in ("manifest.json", "model.gguf") if options.model else ():
        spark.sparkContext.addFile(f"{options.model}/{name}")
    # The driver loads the model too, for its rubric and its name.
    mirror = salesmirror.Assessor.load(options.model)
    model = f"{mirror.model['id']}-{mirror.model['sha256'][:8]}"
    output = f"{options.output}/model={quote(model, safe='')}"

    archive = spark.read.parquet(options.input).schema
    if options.text not in archive.names:
        raise SystemExit(f"{options.input} has no column {options.text!r}; name the right one with --text: {', '.join(archive.names)}")
    kept = StructType([field for field in archive if field.name != options.text])
    schema = kept.add("assessment", from_arrow_type(assessing.assessment_type(mirror.rubric)))
    assess = partial(assessing.assess_batches, text=options.text, own_model=options.model is not None)

    def score(reports, batch):
        # Texts take far longer to assess than to move, so they are spread: a task for a thousand of them takes a minute or two. Few texts
        # make four tasks for each core, so that none waits long for the others.
        tasks = max(reports.count() // 1000, 4 * spark.sparkContext.defaultParallelism)
        # Spark repeats a batch that was not finished, with the same files; `overwrite` removes what was written of it.
        levels = reports.repartition(tasks).mapInArrow(assess, schema)
        levels.write.mode("overwrite").parquet(f"{output}/batch={batch}")

    # Spark would leave out files that are a week older than the newest one.
    reader = spark.readStream.schema(archive).options(maxFilesPerTrigger=options.files_per_batch, maxFileAge="36500d")
    writer = reader.parquet(options.input).writeStream.foreachBatch(score).option("checkpointLocation", f"{output}/_checkpoint")
    writer.trigger(availableNow=True).start().awaitTermination()
    spark.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Assesses an archive of reports in Parquet.")
    parser.add_argument("--input", required=True, help="folder with Parquet files; a file must not change after it was read")
    parser.add_argument("--output", required=True, help="folder for the levels, and for what the next run has to know")
    parser.add_argument("--text", default="text", help="column with the text (default: text)")
    parser.add_argument("--model", help="folder with manifest.json and model.gguf (default: the model of the wheel)")
    parser.add_argument("--files-per-batch", type=int, default=10, help="files that are assessed before levels are written (default: 10)")
    main(parser.parse_args())
