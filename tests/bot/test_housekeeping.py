import os
import time

from bot.housekeeping import DAY_S, Housekeeping, sweep_job_folders
from bot.storage.errors import StorageError


def age(path, days):
    then = time.time() - days * DAY_S
    os.utime(path, (then, then))


async def test_folders_of_old_jobs_go_and_young_ones_stay(tmp_path):
    for name, days in (("old", 8), ("young", 6), ("old-but-written-to", 8)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "photo.jpg").write_bytes(b"jpeg")
        written = 1 if name == "old-but-written-to" else days
        age(folder / "photo.jpg", written)
        age(folder, days)

    gone = await sweep_job_folders(tmp_path, 7 * DAY_S)

    assert gone == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["old-but-written-to", "young"]


async def test_without_any_job_there_is_nothing_to_sweep(tmp_path):
    assert await sweep_job_folders(tmp_path / "jobs", 7 * DAY_S) == 0


async def test_a_sweep_that_fails_does_not_keep_the_others_from_sweeping():
    asked = []

    async def failing(older_than_s):
        raise StorageError("the database could not be used")

    async def working(older_than_s):
        asked.append(older_than_s)
        return 3

    sweeps = {"drafts": failing, "pictures": working}
    await Housekeeping(sweeps, retention_days=7).sweep()

    assert asked == [7 * DAY_S]
