import gettext
import re
from html.parser import HTMLParser

from bot.chat.texts import Texts

GREETING = re.compile("^(Hi!|¡Hola!|Oi!|Hallo!|Salut\\s!|Привет!|你好\uff01)")


class Tags(HTMLParser):
    """Collects the tags and notices those that are not closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_every_sentence_is_finished_html_without_a_gap(sentence):
    tags = Tags()
    tags.feed(sentence)
    tags.close()

    assert sentence.strip()
    assert not re.search(r"[{}]", sentence), "a placeholder was left open"
    assert not tags.open
    assert tags.seen <= {"b", "i", "code"}
    assert not re.search("[!\uff01]", GREETING.sub("", sentence, count=1))


def test_answers_to_a_tap_are_plain_and_within_200_characters(toast):
    assert len(toast) <= 200
    assert "<" not in toast


LONGEST_LABEL = 28
"""Two buttons of this length fit beside each other on a telephone, abbreviated."""
ALONE_IN_ITS_ROW = 44


def test_labels_of_buttons_are_short_and_plain(label, request):
    alone = re.search("inline_|try_style", request.node.callspec.id)

    assert len(label) <= (ALONE_IN_ITS_ROW if alone else LONGEST_LABEL)
    assert not re.search(r"[<>\n]", label)


def test_what_an_empty_field_says_has_at_most_64_characters(placeholder):
    assert 1 <= len(placeholder) <= 64
    assert "<" not in placeholder


def test_a_command_is_described_in_at_most_256_plain_characters(command):
    assert 1 <= len(command) <= 256
    assert not re.search(r"[<>\n.]", command)


def test_sentences_come_from_the_catalogue_of_the_language():
    class Shouting(gettext.NullTranslations):
        def gettext(self, message):
            return message.upper()

        def ngettext(self, one, many, n):
            return (one if n == 1 else many).upper().replace("{COUNT}", "{count}")

    texts = Texts(Shouting())

    assert texts.took_photo() == "THAT IS YOUR PHOTO. NOW SEND ME THE PAINTING."
    assert texts.stopped(2) == "CANCELLED 2 PICTURES."
