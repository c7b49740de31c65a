"""Whose credentials will be used, found without asking anybody; in botocore's order.

The answer names an identity: a token that was kept is served only to whom it was made for. Where files and variables
alone do not tell who somebody is (a program that prints keys, a metadata service), the keys themselves have to be
fetched first.
"""

from __future__ import annotations

from inhouse_keyring.aws_files import DEFAULT_PROFILE, missing_profile, text
from inhouse_keyring.errors import CREDENTIALS_HINT, CredentialsMissingError
from inhouse_keyring.memory import fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from inhouse_keyring.aws_files import ProfileFiles, Section

ENVIRONMENT, KEYS, ROLE, WEB_IDENTITY, PROCESS, CONTAINER, BOTOCORE = (
    "environment",
    "keys",
    "role",
    "web-identity",
    "process",
    "container",
    "botocore",
)
"""Where keys come from: variables, a file of profiles, a role that other keys assume, one that the token of an identity
provider assumes, a program, a container's agent, or a place that only botocore knows how to ask."""

_CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")


class Keys:
    """What requests are signed with.

    Attributes:
        access_key: The access key's id.
        secret: The secret access key.
        session_token: Of temporary keys; empty for lasting ones.
    """

    __slots__ = ("access_key", "secret", "session_token")

    def __init__(self, access_key: str, secret: str, session_token: str = "") -> None:
        self.access_key = access_key
        self.secret = secret
        self.session_token = session_token

    @property
    def fingerprint(self) -> str:
        """What tells these keys from all others, and does not give them away."""
        return fingerprint("keys", self.access_key, self.secret, self.session_token)


class Source:
    """Where the credentials come from.

    Attributes:
        kind: One of the constants above.
        who: The identity, as far as it can be told without asking; empty if only the keys themselves tell.
        profile: The profile they belong to; empty if none does.
        is_explicit: Whether the profile was chosen for this very question, so that variables with keys do not count.
        keys: The keys, where they are known already.
        section: What the files say of the profile.
        origin: Whose keys assume the role, where it is one.
        may_prompt: Whether a person may be asked for something.
    """

    __slots__ = ("is_explicit", "keys", "kind", "may_prompt", "origin", "profile", "section", "who")

    def __init__(
        self,
        kind: str,
        who: str,
        profile: str = "",
        keys: Keys | None = None,
        *,
        section: Section | None = None,
        origin: Source | None = None,
        is_explicit: bool = False,
        may_prompt: bool = False,
    ) -> None:
        self.kind = kind
        self.who = who
        self.profile = profile
        self.keys = keys
        self.section = section or {}
        self.origin = origin
        self.is_explicit = is_explicit
        self.may_prompt = may_prompt


def chosen_profile(environment: Mapping[str, str]) -> str:
    """Return the profile that AWS's own variables choose; empty if they choose none."""
    return environment.get("AWS_DEFAULT_PROFILE") or environment.get("AWS_PROFILE") or ""


def find_source(profile: str | None, files: ProfileFiles, environment: Mapping[str, str]) -> Source:
    """Find out where the credentials come from.

    Args:
        profile: The profile that was chosen for the domain; None leaves it to AWS's own rules.
        files: The files of profiles.
        environment: The variables.

    Raises:
        CredentialsMissingError: There are none, or only parts.
    """
    if profile is None and environment.get("AWS_ACCESS_KEY_ID"):
        return _from_variables(environment)
    name = profile or chosen_profile(environment) or DEFAULT_PROFILE
    section = files.profile(name)
    if section is None and name != DEFAULT_PROFILE:
        raise missing_profile(name)
    source = _from_profile(name, section or {}, files, environment, is_explicit=profile is not None)
    if source is not None:
        source.is_explicit = profile is not None
        return source
    return _from_machine(profile, files, environment)


def _from_variables(environment: Mapping[str, str]) -> Source:
    secret = environment.get("AWS_SECRET_ACCESS_KEY")
    access_key = environment.get("AWS_ACCESS_KEY_ID")
    if not access_key or not secret:
        raise CredentialsMissingError(
            "no AWS credentials: of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY one is not set",
            hint="set both or neither",
        )
    token = environment.get("AWS_SESSION_TOKEN") or environment.get("AWS_SECURITY_TOKEN") or ""
    keys = Keys(access_key, secret, token)
    return Source(ENVIRONMENT, keys.fingerprint, keys=keys)


def _from_profile(
    name: str, section: Section, files: ProfileFiles, environment: Mapping[str, str], *, is_explicit: bool
) -> Source | None:
    """Return what a profile names; None if it names nothing. The order is botocore's."""
    if _is_role(section):
        return _role(name, section, files, environment, seen=())
    return _from_profile_itself(name, section, files, environment, is_explicit=is_explicit)


def _from_profile_itself(
    name: str, section: Section, files: ProfileFiles, environment: Mapping[str, str], *, is_explicit: bool
) -> Source | None:
    """Return what a profile names that is not a role which another one assumes; None if it names nothing."""
    web_identity = _web_identity(name, section, files, {} if is_explicit else environment)
    if web_identity is not None:
        return web_identity
    if text(section, "sso_account_id") or text(section, "sso_role_name"):
        return Source(BOTOCORE, _single_sign_on(name, section, files), name, section=section)
    kept = files.credentials.get(name) or {}
    keys = _keys_of(kept)
    if keys is None and text(section, "login_session"):
        return Source(BOTOCORE, "", name, section=section)
    if keys is None and text(section, "credential_process"):
        return Source(PROCESS, "", name, section=section)
    keys = keys or _keys_of(section)
    return Source(KEYS, keys.fingerprint, name, keys=keys) if keys else None


def _keys_of(section: Section) -> Keys | None:
    access_key, secret = text(section, "aws_access_key_id"), text(section, "aws_secret_access_key")
    if not access_key:
        return None
    if not secret:
        raise CredentialsMissingError(
            f"no AWS credentials: the profile with the key {access_key} lacks aws_secret_access_key",
            hint="write it into the file of credentials, or choose another profile with AWS_PROFILE",
        )
    return Keys(access_key, secret, text(section, "aws_session_token") or text(section, "aws_security_token"))


def _web_identity(name: str, section: Section, files: ProfileFiles, environment: Mapping[str, str]) -> Source | None:
    file = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE") or text(section, "web_identity_token_file")
    if not file:
        return None
    role = environment.get("AWS_ROLE_ARN") or text(section, "role_arn")
    if not role:
        raise CredentialsMissingError(
            "no AWS credentials: AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not",
            hint="set both or neither",
        )
    session = environment.get("AWS_ROLE_SESSION_NAME") or text(section, "role_session_name")
    token = files.content(file)
    if not token:
        raise CredentialsMissingError(
            f"no AWS credentials: the identity token in {file} cannot be read",
            hint="AWS_WEB_IDENTITY_TOKEN_FILE must name the file that the pipeline's identity token is in",
        )
    found: Section = {"role_arn": role, "role_session_name": session, "token": token}
    # The token is part of it: whoever may not assume the role any more shall not be served what others got for it.
    return Source(WEB_IDENTITY, fingerprint("web-identity", role, session, token), name, section=found)


def _single_sign_on(name: str, section: Section, files: ProfileFiles) -> str:
    """Return who a profile of single sign-on is: account and role, and the sign-on that is in force.

    Signing out, or in as somebody else, changes the file that AWS's tools keep the sign-on in.
    """
    session_name = text(section, "sso_session")
    session = files.session(session_name) if session_name else section
    kept_under = session_name or text(section, "sso_start_url")
    from hashlib import sha1

    file = f"~/.aws/sso/cache/{sha1(kept_under.encode()).hexdigest()}.json"  # noqa: S324
    return fingerprint("sso", name, *_flat(section), *_flat(session), files.content(file))


def _is_role(section: Section) -> bool:
    return bool(text(section, "role_arn")) and not text(section, "web_identity_token_file")


def _role(
    name: str, section: Section, files: ProfileFiles, environment: Mapping[str, str], seen: tuple[str, ...]
) -> Source:
    """Return a role, with whoever assumes it. Its identity is that of both."""
    if name in seen:
        raise CredentialsMissingError(
            f"no AWS credentials: the profiles {', '.join(seen)} name each other as source_profile",
            hint="one of them must have credentials of its own",
        )
    origin = _origin(name, section, files, environment, (*seen, name))
    who = fingerprint("role", name, *_flat(section), origin.who) if origin is not None and origin.who else ""
    has_second_factor = bool(text(section, "mfa_serial"))
    if origin is None or has_second_factor:
        return Source(BOTOCORE, who, name, section=section, is_explicit=True, may_prompt=has_second_factor)
    return Source(ROLE, who, name, section=section, origin=origin, may_prompt=origin.may_prompt)


def _origin(
    name: str, section: Section, files: ProfileFiles, environment: Mapping[str, str], seen: tuple[str, ...]
) -> Source | None:
    """Return who assumes a role; None if only botocore knows how to ask for that one's keys."""
    source_profile, credential_source = text(section, "source_profile"), text(section, "credential_source")
    if credential_source == "Environment":
        return _from_variables(environment)
    if credential_source == "EcsContainer":
        return Source(CONTAINER, _container(files, environment))
    if not source_profile:
        return None
    source = files.profile(source_profile)
    if source is None:
        raise missing_profile(source_profile)
    if _is_role(source) and source_profile != name and _keys_of(source) is None:
        return _role(source_profile, source, files, environment, seen)
    origin = _from_profile_itself(source_profile, source, files, environment, is_explicit=True)
    if origin is None:
        raise CredentialsMissingError(
            f"no AWS credentials: the profile `{source_profile}`, which `{name}` names as source_profile, has none",
            hint=CREDENTIALS_HINT,
        )
    origin.is_explicit = True
    return origin


def _from_machine(profile: str | None, files: ProfileFiles, environment: Mapping[str, str]) -> Source:
    if any(environment.get(name) for name in _CONTAINER):
        return Source(CONTAINER, _container(files, environment))
    if environment.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
        raise CredentialsMissingError("no AWS credentials: Unable to locate credentials", hint=CREDENTIALS_HINT)
    return Source(BOTOCORE, "", profile or "", is_explicit=profile is not None)


def _container(files: ProfileFiles, environment: Mapping[str, str]) -> str:
    """Return who a container is; empty if its address alone does not tell.

    The relative address of Amazon ECS names the task. A full one is the same for everybody; what is shown there tells.
    """
    relative, full = (environment.get(name, "") for name in _CONTAINER)
    if relative:
        return fingerprint("container", relative)
    file = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    shown = files.content(file) if file else environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
    return fingerprint("container", full, shown) if shown else ""


def _flat(section: Section) -> list[str]:
    return [part for key in sorted(section) if isinstance(section[key], str) for part in (key, text(section, key))]
