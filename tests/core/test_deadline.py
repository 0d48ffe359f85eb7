"""A deadline ends what takes too long, and leaves every other cancellation as it is."""

from __future__ import annotations

import asyncio

import pytest

from app.core.deadline import Deadline


async def test_what_is_in_time_goes_on() -> None:
    with Deadline(5):
        await asyncio.sleep(0)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_what_takes_too_long_is_a_timeout() -> None:
    with pytest.raises(TimeoutError) as caught, Deadline(0.01):
        await asyncio.sleep(5)
    assert isinstance(caught.value.__cause__, asyncio.CancelledError)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)


async def test_an_error_of_the_block_goes_on_as_it_is() -> None:
    async def fails_late() -> None:
        try:
            await asyncio.sleep(5)
        finally:
            raise LookupError

    with pytest.raises(LookupError), Deadline(0.01):
        await fails_late()


async def test_the_inner_of_two_ends_first() -> None:
    with Deadline(5):
        with pytest.raises(TimeoutError), Deadline(0.01):
            await asyncio.sleep(5)
        await asyncio.sleep(0)


async def test_a_cancellation_from_elsewhere_stays_one() -> None:
    async def slow() -> None:
        with Deadline(5):
            await asyncio.sleep(5)

    task = asyncio.create_task(slow())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_that_meets_the_deadline_is_not_lost() -> None:
    async def slow() -> None:
        with Deadline(0.01):
            try:
                await asyncio.sleep(5)
            except asyncio.CancelledError:
                asyncio.current_task().cancel()  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
                await asyncio.sleep(5)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(slow())


async def test_it_is_for_tasks() -> None:
    raised: list[str] = []

    def enter() -> None:
        try:
            with Deadline(1):
                pass
        except RuntimeError as error:
            raised.append(str(error))

    asyncio.get_running_loop().call_soon(enter)
    await asyncio.sleep(0)
    assert raised == ["a deadline is for what a task awaits"]
