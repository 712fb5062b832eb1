//! Answers that many calls share. Every status that is not a success has the body [`AppError`](app::error::AppError).

use std::collections::BTreeMap;

use utoipa::openapi::{Content, Object, Ref, RefOr, Response, ResponseBuilder, header::HeaderBuilder, schema::Type};

struct Shared {
    status: &'static str,
    description: &'static str,
    header: Option<(&'static str, &'static str)>,
}

const SHARED: [Shared; 9] = [
    Shared {
        status: "400",
        description: "The body or a field was refused. Each refused field is a member beside `code`, with a list of messages.",
        header: None,
    },
    Shared {
        status: "401",
        description: "No credential (`not_authenticated`), or a refused one (`token_not_valid`, with the cause as `reason`).",
        header: Some(("WWW-Authenticate", "The credential that the mode accepts.")),
    },
    Shared {
        status: "403",
        description: "Another site may have caused the request (`csrf_failed`); `reason` is the header that failed the check.",
        header: None,
    },
    Shared { status: "404", description: "The mode or the id is unknown.", header: None },
    Shared { status: "413", description: "The body is too large.", header: None },
    Shared { status: "415", description: "The body is neither JSON nor a form.", header: None },
    Shared {
        status: "429",
        description: "Too many attempts (`throttled`).",
        header: Some(("Retry-After", "Seconds until the next attempt is allowed.")),
    },
    Shared { status: "500", description: "An internal error. The server has logged it.", header: None },
    Shared {
        status: "503",
        description: "The database is unavailable or too slow (`unavailable`), or too many passwords are being checked \
                      (`overloaded`).",
        header: Some(("Retry-After", "Seconds until the next attempt, if known.")),
    },
];

/// Every shared answer by its name, for the components of the document.
pub fn all() -> impl Iterator<Item = (String, RefOr<Response>)> {
    SHARED.into_iter().map(|Shared { status, description, header }| {
        let problem = Content::new(Some(Ref::from_schema_name("AppError")));
        let mut response = ResponseBuilder::new().description(description).content("application/json", problem);
        if let Some((name, description)) = header {
            let header =
                HeaderBuilder::new().schema(Some(Object::with_type(Type::String))).description(Some(description));
            response = response.header(name, header.build());
        }
        (name(status), response.build().into())
    })
}

/// A reference to one shared answer.
pub fn reference(status: &str) -> RefOr<Response> {
    Ref::from_response_name(name(status)).into()
}

/// The reference as a set, for the `responses` of a handler.
pub fn set(status: &str) -> BTreeMap<String, RefOr<Response>> {
    BTreeMap::from([(status.to_owned(), reference(status))])
}

fn name(status: &str) -> String {
    format!("Problem{status}")
}
