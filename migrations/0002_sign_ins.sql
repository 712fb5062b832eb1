-- A sign-in is one check of a password, in one mode, in one browser or program. Revocation works on these rows.
create table sign_ins (
    id                  text   primary key, -- UUIDv7
    user_id             text   not null references users (id),
    mode                text   not null,
    epoch               bigint not null, -- users.epoch, from the select that read the password hash; or the new one, if the sign-in was carried along
    created_at          bigint not null,
    last_seen_at        bigint not null,
    idle_expires_at     bigint not null, -- moves with use
    absolute_expires_at bigint not null, -- never moves
    ended_at            bigint,
    end_reason          text   check ((end_reason is null) = (ended_at is null)),
    user_agent          text   not null,
    address             text   not null
);
create index sign_ins_live on sign_ins (user_id, epoch, id) where ended_at is null;
create index sign_ins_ended on sign_ins (ended_at) where ended_at is not null;
create index sign_ins_by_absolute_end on sign_ins (absolute_expires_at);
-- No index on idle_expires_at: an update of that column then stays cheap on PostgreSQL (HOT).

-- Pruning deletes and counts the rows of the modes explicitly, before the sign-in. None of their foreign keys cascades, so a
-- mode that forgets a row is found out: its sign-in cannot be deleted. Drop the table of a mode that the program no longer has.
