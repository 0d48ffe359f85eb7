"""Books of demo users and the times at which they read in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Earning, Life
from app.bulk.people import Day
from app.gamification.streaks import StreakType


@dataclass(slots=True)
class _Book:
    """A book as its row will be."""

    id: UUID
    title: str
    author: str
    pages: int
    page: int = 0
    started: datetime | None = None
    read: datetime | None = None
    done: bool = False


def write(life: Life) -> None:
    """A shelf of books that are read one after the other, as far as the days go."""
    shelf = [_bought(life, place) for place in range(life.some(life.person.weight.books))]
    waiting = iter(shelf)
    book = next(waiting, None)
    for day in life.days:
        if book is not None and life.chance(life.person.weight.reading):
            _read(life, book, day)
            if book.done or life.chance(0.02):
                book = next(waiting, None)
    for place, each in enumerate(shelf, 1):
        _put(life, each, place, current=each is book)


def _bought(life: Life, place: int) -> _Book:
    title, author, pages = texts.BOOKS[place % len(texts.BOOKS)]
    volume = place // len(texts.BOOKS) + 1
    return _Book(life.id(), title if volume == 1 else f"{title}, volume {volume}", author, pages)


def _read(life: Life, book: _Book, day: Day) -> None:
    session_id, at = life.id(), life.at(day, 2)
    pages = min(life.some((8, 60)), book.pages - book.page)
    xp, coins = max(1, pages // 5), pages // 10
    life.put(
        "reading_sessions",
        id=session_id,
        book_id=book.id,
        pages_read=pages,
        start_page=book.page,
        end_page=book.page + pages,
        duration_minutes=pages * 2,
        started_at=at,
        notes=life.maybe(0.1, "Could not put it down."),
        xp_awarded=xp,
        coins_awarded=coins,
        created_at=at,
        updated_at=at,
    )
    key = f"reading:{session_id}"
    life.timeline.append(
        Earning(at, day.date, "reading_log", session_id, key, xp, coins, StreakType.READING)
    )
    book.started, book.read = book.started or at, at
    book.page += pages
    book.done = book.page == book.pages
    if book.done:
        key = f"book:{book.id}"
        life.timeline.append(Earning(at, day.date, "book_complete", book.id, key, 0, 0))


def _put(life: Life, book: _Book, place: int, *, current: bool) -> None:
    status = "to_read"
    if book.started:
        status = "completed" if book.done else "reading" if current else "abandoned"
    life.put(
        "books",
        id=book.id,
        title=book.title,
        author=book.author,
        total_pages=book.pages,
        current_page=book.page,
        status=status,
        started_at=book.started,
        completed_at=book.read if book.done else None,
        rating=life.maybe(0.7, life.some((2, 5))) if book.done else None,
        notes=None,
        cover_url=None,
        isbn=None,
        sort_order=place,
        created_at=life.person.joined_at,
        updated_at=book.read or life.person.joined_at,
    )
