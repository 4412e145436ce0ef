import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import PREFIX, Settings, child_environment, read_settings

TOKEN = "123456:secret-of-the-bot"


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_settings_come_from_variables_and_from_dotenv(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text(f"STYLEBOT_TOKEN={TOKEN}\nSTYLEBOT_EDGE_PX=512\n")
    monkeypatch.setenv("STYLEBOT_EDGE_PX", "640")

    settings = read_settings()

    assert settings.require_token() == TOKEN
    assert settings.edge_px == 640, "a variable outweighs the file"


def test_other_programs_may_use_the_same_dotenv(tmp_path):
    (tmp_path / ".env").write_text("SOMETHING_ELSE=1\nSTYLEBOT_UNKNOWN=1\n")

    assert read_settings().edge_px is None


@pytest.mark.parametrize("token", [None, "", "  "])
def test_a_missing_token_is_a_sentence_that_says_where_to_get_one(token, monkeypatch):
    if token is not None:
        monkeypatch.setenv("STYLEBOT_TOKEN", token)

    with pytest.raises(SettingsError, match=r"@BotFather.*STYLEBOT_TOKEN"):
        read_settings().require_token()


def test_the_token_does_not_show_in_what_is_printed():
    settings = Settings(token=SecretStr(TOKEN), webhook_secret=SecretStr("hush"))

    assert TOKEN not in repr(settings) + str(settings)
    assert "hush" not in repr(settings)


def test_every_bad_value_is_named_and_none_is_repeated(monkeypatch):
    monkeypatch.setenv("STYLEBOT_EDGE_PX", "huge-value")
    monkeypatch.setenv("STYLEBOT_BASE_URL", "ftp://somewhere")
    monkeypatch.setenv("STYLEBOT_WEBHOOK_SECRET", "not allowed: spaces")

    with pytest.raises(SettingsError) as caught:
        read_settings()

    said = str(caught.value)
    assert "STYLEBOT_EDGE_PX" in said
    assert "STYLEBOT_BASE_URL: must begin with http:// or https://" in said
    assert "STYLEBOT_WEBHOOK_SECRET: must be 1 to 256 of" in said
    assert not any(bad in said for bad in ("huge-value", "ftp:", "spaces"))
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_in_a_sentence(name):
    description = Settings.model_fields[name].description

    assert description
    assert description.endswith(".")


def test_other_weights_change_nothing_else():
    settings = Settings(token=SecretStr(TOKEN), edge_px=512)

    changed = settings.with_weights("untrained")

    assert changed == Settings(token=SecretStr(TOKEN), edge_px=512, weights="untrained")


def test_a_child_gets_these_settings_and_no_others(monkeypatch):
    monkeypatch.setenv("STYLEBOT_EDGE_PX", "640")
    monkeypatch.setenv("PLAIN", "kept")

    environment = child_environment(token=TOKEN, log_level="debug")

    ours = {k: v for k, v in environment.items() if k.startswith(PREFIX)}
    assert ours == {"STYLEBOT_TOKEN": TOKEN, "STYLEBOT_LOG_LEVEL": "debug"}
    assert environment["PLAIN"] == "kept"


def test_a_trailing_slash_in_an_address_does_no_harm():
    assert Settings(public_url="https://bot.example/hook/").public_url == (
        "https://bot.example/hook"
    )
