-- The application's session data, as JSON.
create table sessions (
    sign_in_id text primary key references sign_ins (id),
    data       text not null
);
-- The current session id of each sign-in, and the ids that it replaced.
create table session_ids (
    id_hash     text   primary key, -- SHA-256 of the id: a copy of this table contains no usable session id
    sign_in_id  text   not null references sign_ins (id),
    generation  bigint not null, -- 1 at login
    issued_at   bigint not null,
    replaced_at bigint
);
create index session_ids_by_sign_in on session_ids (sign_in_id);
