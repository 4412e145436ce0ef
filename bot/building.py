"""The parts of the service: what they need of each other, and their order."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import secrets
from dataclasses import dataclass
from pathlib import Path

from .chat.application import App
from .chat.cards import FOLDER as CARDS
from .chat.cards import CardPictures
from .chat.clerk import Clerk
from .chat.conversation import Conversation
from .chat.desk import Desk
from .chat.groups.detours import Detours
from .chat.groups.groups import Groups
from .chat.groups.moves import leave, move, move_with
from .chat.inline.sharing import Sharing
from .chat.menu import set_menu
from .chat.mishaps import Apology, NoRoom
from .chat.observer import ChatObserver
from .chat.panels.panels import Panels
from .chat.reception import Reception
from .chat.routes import Rooms, register
from .chat.studio import Studio
from .chat.styles.handlers import Styles
from .chat.styles.shelf import Shelf
from .chat.taps.cards import CardTaps
from .chat.taps.deleting import DeleteTaps
from .chat.taps.jobs import JobTaps
from .chat.taps.panels import PanelTaps
from .chat.taps.results import ResultTaps
from .chat.taps.styles import StyleTaps
from .chat.taps.taps import Taps
from .chat.texts import Languages
from .chat.texts.store import chosen_languages
from .chat.waiting.nods import Nods
from .chat.whereabouts import Whereabouts
from .crew import Crew
from .delivery.eraser import Eraser
from .delivery.outbox import Outbox
from .delivery.status import StatusBoard
from .executors.base import Executor
from .executors.darkroom import Darkroom
from .executors.inline import InlineExecutor
from .executors.local import LocalExecutor
from .executors.process import ProcessEnded
from .housekeeping import Housekeeping, Sweep, sweep_job_folders
from .intake.intake import Intake
from .intake.ledger import Ledger
from .intake.polling import Polling
from .intake.source import Source
from .intake.webhook import Webhook, WebhookConfig
from .jobs.dispatcher import Dispatcher
from .jobs.queue import JobQueue
from .settings import UNTRAINED, ExecutorKind, Settings
from .storage.database import Database
from .storage.pictures import PictureStore
from .storage.shredder import Shredder

log = logging.getLogger(__name__)

DATABASE = "stylebot.sqlite3"
JOBS = "jobs"

_WEBHOOK_PATH = "/telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What has to be started and stopped."""

    application: App
    desk: Desk
    executor: Executor
    darkroom: Darkroom
    dispatcher: Dispatcher
    observer: ChatObserver
    clerk: Clerk
    intake: Intake
    housekeeping: Housekeeping
    shredder: Shredder


def build(settings: Settings, data_dir: Path, db: Database, application: App) -> Parts:
    """Makes the parts and tells them of each other; nothing runs yet."""
    darkroom = Darkroom()
    desk, observer = _front(settings, data_dir, db, application, darkroom)
    clerk = Clerk(desk)
    shredder = _shredder(desk)
    rooms = _rooms(application, desk, observer, clerk, shredder, darkroom)
    register(application, rooms)
    executor = _executor(settings)
    ledger = Ledger(db, on_full=NoRoom(application.bot, desk.languages).say)
    return Parts(
        application=application,
        desk=desk,
        executor=executor,
        darkroom=darkroom,
        dispatcher=Dispatcher(
            desk.queue,
            executor,
            observer,
            pictures=desk.pictures,
            data_dir=data_dir,
            preview_interval_s=settings.preview_interval_s,
        ),
        observer=observer,
        clerk=clerk,
        intake=Intake(application, ledger, _source(settings, application, ledger)),
        housekeeping=_housekeeping(settings, desk, ledger, rooms.sharing),
        shredder=shredder,
    )


def _shredder(desk: Desk) -> Shredder:
    return Shredder(
        desk.db,
        desk.pictures,
        cards=desk.data_dir / CARDS,
        jobs=desk.data_dir / JOBS,
    )


def _rooms(
    application: App,
    desk: Desk,
    observer: ChatObserver,
    clerk: Clerk,
    shredder: Shredder,
    darkroom: Darkroom,
) -> Rooms:
    """Everything that answers."""
    reception = Reception(application.bot, darkroom, desk.pictures)
    shelf = Shelf(desk.db, desk.pictures, darkroom)
    styles = Styles(desk, shelf, darkroom)
    conversation = Conversation(desk, clerk, reception, styles)
    sharing = Sharing.of(desk, shelf, clerk, conversation, darkroom)
    buttons = [
        CardTaps(desk, observer).handlers(),
        JobTaps(desk).handlers(),
        ResultTaps(desk).handlers(),
        PanelTaps(desk, shredder).handlers(),
        DeleteTaps(desk, shredder, Eraser(application.bot)).handlers(),
        StyleTaps(desk, styles, clerk).handlers(),
        sharing.handlers(),
    ]
    return Rooms(
        conversation=conversation,
        panels=Panels(desk),
        taps=Taps(desk, buttons),
        sharing=sharing,
        styles=styles,
        groups=Groups.of(desk, clerk, conversation, reception, shelf, styles.naming),
        apology=Apology(desk.languages),
    )


def _front(
    settings: Settings,
    data_dir: Path,
    db: Database,
    application: App,
    darkroom: Darkroom,
) -> tuple[Desk, ChatObserver]:
    """The desk and its observer, whom the outbox on the desk reports to."""
    pictures = PictureStore(data_dir / "pictures", db)
    desk = Desk(
        db=db,
        pictures=pictures,
        card_pictures=CardPictures(data_dir, pictures, darkroom),
        queue=JobQueue(
            db,
            max_waiting=settings.max_waiting,
            max_waiting_per_user=settings.max_waiting_per_user,
        ),
        outbox=Outbox(
            db,
            application.bot,
            data_dir,
            settle=lambda tx, owed, _: observer.settled(tx, owed),
            detour=lambda tx, owed: detours.find(tx, owed),
            move=lambda tx, old, new: move_with(desk, tx, old, new),
            on_sent=lambda owed, message: observer.sent(owed, message.message_id),
            on_gone=lambda chat_id: leave(desk, chat_id),
        ),
        board=StatusBoard(
            application.bot, on_migrated=lambda old, new: move(desk, old, new)
        ),
        studio=Studio(untrained=settings.weights == UNTRAINED),
        whereabouts=Whereabouts(),
        languages=Languages(),
        nods=Nods(application.bot),
        data_dir=data_dir,
        retention_days=settings.retention_days,
    )
    observer = ChatObserver(desk, Eraser(application.bot))
    detours = Detours(desk, application.bot.username)
    return desk, observer


def _executor(settings: Settings) -> Executor:
    if settings.executor is ExecutorKind.LOCAL:
        return LocalExecutor(
            weights=settings.weights, device=settings.device, edge_px=settings.edge_px
        )
    if settings.edge_px is None:
        return InlineExecutor()
    return InlineExecutor(edge_px=settings.edge_px)


def _source(settings: Settings, application: App, ledger: Ledger) -> Source:
    if settings.public_url is None:
        return Polling(application.bot, ledger, poll_s=settings.poll_timeout_s)
    given = settings.webhook_secret
    config = WebhookConfig(
        public_url=settings.public_url + _WEBHOOK_PATH,
        secret=given.get_secret_value() if given else secrets.token_urlsafe(32),
        host=settings.webhook_listen,
        port=settings.webhook_port,
        path=_WEBHOOK_PATH,
    )
    return Webhook(application.bot, ledger, config)


def _housekeeping(
    settings: Settings, desk: Desk, ledger: Ledger, sharing: Sharing
) -> Housekeeping:
    """Drafts go before the pictures they hold."""
    sweeps: dict[str, Sweep] = {
        "drafts": desk.sweep_drafts,
        "jobs": desk.queue.sweep,
        "offers": sharing.favourites.sweep,
        "pictures": desk.pictures.sweep,
        "cards": desk.card_pictures.sweep,
        "results": functools.partial(sweep_job_folders, desk.data_dir / JOBS),
        "updates": ledger.sweep,
        "messages": desk.outbox.sweep,
        "people": Panels(desk).sweep,
    }
    return Housekeeping(sweeps, retention_days=settings.retention_days)


async def begin(parts: Parts, crew: Crew) -> None:
    """Starts everything; answers updates before a worker is ready to paint."""
    await parts.executor.start()
    await parts.desk.whereabouts.load(parts.desk.db)
    parts.desk.languages.load(await chosen_languages(parts.desk.db))
    await parts.dispatcher.start()
    await parts.observer.heal()
    await parts.desk.outbox.belong_to(parts.application.bot.id)
    crew.start("outbox", parts.desk.outbox.run())
    crew.start("clerk", parts.clerk.run())
    crew.start("nods", parts.desk.nods.run())
    await parts.intake.start()
    crew.start("intake", parts.intake.wait())
    crew.start("engine", _meet_engine(parts))
    crew.start("darkroom", _warm_up(parts.darkroom))
    crew.start("menu", set_menu(parts.application.bot, parts.desk.db))
    crew.start("shredder", parts.shredder.run())
    crew.start("housekeeping", parts.housekeeping.run())


async def _warm_up(darkroom: Darkroom) -> None:
    """Spares the first picture the start of the process; it can do without."""
    with contextlib.suppress(TimeoutError, OSError, ProcessEnded):
        await darkroom.start()


async def _meet_engine(parts: Parts) -> None:
    """Waits for the first worker; raises `TaskFailed` if none can ever be ready."""
    profile = await parts.executor.profile()
    parts.desk.studio.profile = profile
    log.info(
        "painting on %s with %s weights, up to %d px",
        profile.device,
        profile.weights,
        profile.default_edge_px,
    )


async def end(parts: Parts, crew: Crew) -> None:
    """Stops in reverse order: first what comes in, last what goes out."""
    await asyncio.gather(parts.intake.stop(), parts.dispatcher.stop())
    await asyncio.gather(crew.dismiss(), parts.desk.board.stop())
    await asyncio.gather(parts.executor.close(), parts.darkroom.close())
