-- The current token of each sign-in, and the tokens that it replaced.
create table opaque_tokens (
    token_hash  text   primary key, -- SHA-256; a token of 256 random bits needs no slow hash
    sign_in_id  text   not null references sign_ins (id),
    generation  bigint not null, -- 1 at login
    issued_at   bigint not null,
    replaced_at bigint
);
create index opaque_tokens_by_sign_in on opaque_tokens (sign_in_id);
