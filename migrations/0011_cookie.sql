-- The epoch of the sealed cookies of a user, which have no rows. Raising it ends every sealed cookie of the user. No
-- row means 0.
create table cookie_epochs (
    user_id text   primary key references users (id) on delete cascade,
    epoch   bigint not null
);
