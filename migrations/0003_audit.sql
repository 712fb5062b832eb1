-- The audit log. It contains no secret, and no user name without an account. An event outlives its account.
create table audit_events (
    id              text   primary key, -- UUIDv7: sorts by time
    at              bigint not null,
    action          text   not null,
    mode            text,
    user_id         text, -- the account that the event concerns, if known
    actor_id        text, -- the acting account, where it differs from user_id
    outcome         text   not null, -- 'ok', or the reason for the failure
    credential_hash text, -- SHA-256 of the credential's id: correlates the events of one credential
    address         text   not null,
    user_agent      text   not null,
    request_id      text   not null
);
create index audit_events_by_user on audit_events (user_id, id);
create index audit_events_by_time on audit_events (at);
