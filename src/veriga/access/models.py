"""Users, teams, API tokens, and answers that must not be made twice."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from veriga.common.fields import KeyField

from .rules import Role, Scope

LANGUAGES = [("sl", "Slovenščina"), ("en", "English")]
THEMES = [("auto", "auto"), ("light", "light"), ("dark", "dark")]


class Team(models.Model):
    """A group of users; companies belong to the team of their account owner."""

    name = models.CharField(max_length=80, unique=True)
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who signs in by e-mail; deactivated when they leave, never deleted."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    name_key = KeyField(max_length=160)
    role = models.CharField(
        max_length=16, choices=[(r, r) for r in Role], default=Role.SALES
    )
    scope = models.CharField(
        max_length=8, choices=[(s, s) for s in Scope], default=Scope.TEAM
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    may_see_confidential = models.BooleanField(default=False)
    may_activate = models.BooleanField(default=False, db_default=False)
    may_see_persons = models.BooleanField(default=False, db_default=False)
    phone = models.CharField(max_length=40, blank=True)
    keeps_offline = models.BooleanField(default=True, db_default=True)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="sl")
    theme = models.CharField(max_length=5, choices=THEMES, default="auto")
    # The columns of lists, by page; with the user, so that no list asks for them.
    list_columns = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    row_version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = BaseUserManager()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.name

    # The program has no Django admin; these two keep packages that ask content.
    @property
    def is_staff(self) -> bool:
        return False

    @property
    def is_superuser(self) -> bool:
        return False


class Target(models.Model):
    """How much a user or a team is to win in one month, in one currency.

    It stands here because it names nobody but users and teams, and because who may set
    it follows from role and team alone.
    """

    user = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="targets"
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.CASCADE, related_name="targets"
    )
    month_on = models.DateField()  # the first day of the month
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team__isnull=True)
                | Q(user__isnull=True, team__isnull=False),
                name="target_of_user_or_team",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="target_not_negative"
            ),
            models.UniqueConstraint(
                fields=["user", "currency", "month_on"],
                condition=Q(user__isnull=False),
                name="target_once_per_user",
            ),
            models.UniqueConstraint(
                fields=["team", "currency", "month_on"],
                condition=Q(team__isnull=False),
                name="target_once_per_team",
            ),
        ]
        indexes = [models.Index(fields=["month_on"], name="target_by_month")]

    def __str__(self) -> str:
        whose = f"user {self.user_id}" if self.user_id else f"team {self.team_id}"
        return f"{whose} {self.month_on}: {self.amount_minor} {self.currency}"


class Token(models.Model):
    """An API token: shown once when made, kept as a hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)  # its first characters, to tell them apart
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class IdempotentAnswer(models.Model):
    """What one user's request under one key was answered with."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "api_idempotentanswer"  # where it began, before pages used it too
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
