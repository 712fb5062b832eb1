//! Forged signatures, and other spellings of a token.

use super::*;

forgeries! {
    a_signature_that_is_shorter_or_longer(it) is Malformed {
        let (message, signature) = (it.message(), it.signature());
        let zeros = encode([0; 32]);
        [
            String::new(),
            signature[..signature.len() - 1].to_owned(),
            signature[..signature.len() - 3].to_owned(),
            signature[..22].to_owned(),
            signature[1..].to_owned(),
            format!("{signature}A"),
            format!("{signature}AAAA"),
            format!("{signature}{signature}"),
            zeros,
        ]
        .map(|signature| format!("{message}.{signature}"))
    }

    a_signature_with_one_bit_changed(it) is Malformed {
        let genuine = URL_SAFE_NO_PAD.decode(it.signature()).unwrap();
        (0..genuine.len() * 8).step_by(7).map(move |bit| {
            let mut bytes = genuine.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            format!("{}.{}", it.message(), encode(bytes))
        })
    }

    /// 32 bytes leave two bits of the 43rd digit unused. If they were ignored, one token would have four spellings, and
    /// a list of revoked token texts could be bypassed.
    a_signature_in_another_spelling(it) is Malformed {
        let (rest, last) = it.text.split_at(it.text.len() - 1);
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        digits.chars().filter(move |digit| *digit != last.chars().next().unwrap()).map(move |digit| format!("{rest}{digit}"))
    }

    the_signature_of_another_token(it) is Malformed {
        [format!("{}.{}", it.message(), parts(&it.other)[2])]
    }

    /// Above the 4096 bytes that a header or a cookie may contain, wherever it is sent.
    a_token_that_is_huge(it) is Malformed {
        [4096, 65_536, 1_048_576].into_iter().flat_map(|size| {
            [it.with_claims(&it.claims_with("padding", "a".repeat(size))), "a".repeat(size + 1), ".".repeat(size + 1)]
        })
    }

    parts_that_are_empty_missing_or_too_many(it) is Malformed {
        let [header, claims, signature] = parts(&it.text);
        [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "...".to_owned(),
            header.to_owned(),
            format!("{header}.{claims}"),
            format!("{header}.{claims}."),
            format!("{header}..{signature}"),
            format!(".{claims}.{signature}"),
            format!("..{signature}"),
            format!(".{}", it.text),
            format!("{}.", it.text),
            format!("{}.{signature}", it.text),
            format!("{header}.{}", it.text),
            format!("{header}..{claims}..{signature}"),
            it.sign("."),
            it.sign(&format!("{header}.{claims}.{signature}")),
            it.sign(&format!("{header}.{claims}.")),
            it.sign(&format!(".{header}.{claims}")),
        ]
    }

    /// The signature covers the exact text, so each of these is signed as written.
    another_base64(it) is Malformed {
        let (header, signs) = (encode(it.header.to_string()), it.claims_with("signs", "~~~???>>>~~~???>>>"));
        let standard = STANDARD.encode(&signs).trim_end_matches('=').to_owned();
        assert!(standard.contains(['+', '/']), "both alphabets encode this text alike: {standard}");
        let (claims, url) = (encode(it.claims.to_string()), encode(signs));
        [
            format!("{header}.{standard}"),
            format!("{header}.{claims}="),
            format!("{header}.{claims}=="),
            format!("{header}=.{claims}"),
            format!("{header}==.{claims}"),
            format!("{header}.{}", url.replace(['-', '_'], "%2B")),
            format!("{header}.{claims}A"),
            format!("{header}.{}", hex::encode(it.claims.to_string())),
        ]
        .map(|message| it.sign(&message))
        .into_iter()
        .chain([format!("{}=", it.text), format!("{}==", it.text)])
    }

    spaces_in_a_token(it) is Malformed {
        let [header, claims, signature] = parts(&it.text);
        [" ", "\t", "\n", "\r\n", "\0", "\u{a0}", "\u{200b}", "%20"].into_iter().flat_map(move |space| {
            [
                format!("{space}{}", it.text),
                format!("{}{space}", it.text),
                format!("{header}.{claims}.{space}{signature}"),
                it.sign(&format!("{space}{header}.{claims}")),
                it.sign(&format!("{header}{space}.{claims}")),
                it.sign(&format!("{header}.{claims}{space}")),
                it.sign(&format!("{header}.{}{space}{}", &claims[..8], &claims[8..])),
            ]
        })
    }

    signs_that_only_look_alike(it) is Malformed {
        [("e", "\u{435}"), ("y", "\u{443}"), (".", "\u{3002}"), (".", "\u{ff0e}"), (".", "\u{b7}"), ("J", "\u{ff2a}"), (".", "%2E")]
            .into_iter()
            .flat_map(|(ours, theirs)| {
                assert!(it.text.contains(ours), "{ours}");
                [it.text.replacen(ours, theirs, 1), it.text.replace(ours, theirs), it.sign(&it.message().replace(ours, theirs))]
            })
    }

    a_token_in_the_other_case(it) is Malformed {
        [it.text.to_lowercase(), it.text.to_uppercase()]
    }

    a_token_with_its_scheme_or_in_quotes(it) is Malformed {
        [format!("Bearer {}", it.text), format!("\"{}\"", it.text), format!("{},{}", it.text, it.text)]
    }
}
