-- What happened. No secret, and no name that somebody merely typed. It outlives the account that it is about.
create table audit_events (
    id              text   primary key, -- UUIDv7: sorts by time
    at              bigint not null,
    action          text   not null,
    mode            text,
    user_id         text, -- whom it is about, if that is known
    actor_id        text, -- who did it, where that is somebody else
    outcome         text   not null, -- 'ok', or why not
    credential_hash text, -- SHA-256 of the credential's id, to see which events belong together
    address         text   not null,
    user_agent      text   not null,
    request_id      text   not null
);
create index audit_events_by_user on audit_events (user_id, id);
create index audit_events_by_time on audit_events (at);
