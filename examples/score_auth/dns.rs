//! A DNS server for one case: answers over UDP from a table, NXDOMAIN for the rest.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr, UdpSocket},
};

use hickory_resolver::proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, AAAA, MX, PTR, TXT},
    },
};

/// Records by name (lower case, without the last dot) and type.
pub(crate) type Zone = HashMap<String, Vec<RData>>;

/// The server of one case; its thread ends with the process.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(zone: Zone) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let address = socket.local_addr().expect("it is bound");
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok((length, peer)) = socket.recv_from(&mut buffer) {
                if let Some(answer) = answer(&buffer[..length], &zone) {
                    let _ = socket.send_to(&answer, peer);
                }
            }
        });
        Server { address }
    }
}

fn answer(question: &[u8], zone: &Zone) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).ok()?;
    let query = question.queries.first()?.clone();
    let name = query.name().to_ascii().trim_end_matches('.').to_lowercase();
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.metadata.recursion_desired = true;
    answer.metadata.recursion_available = true;
    match zone.get(&name) {
        None if name.contains("_dns_error") => {
            answer.metadata.response_code = ResponseCode::ServFail;
        }
        None => answer.metadata.response_code = ResponseCode::NXDomain,
        Some(found) => {
            for data in found.iter().filter(|data| data.record_type() == query.query_type()) {
                answer.add_answer(Record::from_rdata(query.name().clone(), 1, data.clone()));
            }
        }
    }
    answer.add_query(query);
    answer.to_vec().ok()
}

/// Adds a record as the SPF suite writes it: the kind, the owner, the values.
pub(crate) fn add(zone: &mut Zone, kind: &str, owner: &str, values: &str) {
    let name = |text: &str| Name::from_ascii(format!("{}.", text.trim_end_matches('.'))).ok();
    let list = values.split([',', ' ']).map(str::trim).filter(|value| !value.is_empty());
    let data: Vec<RData> = match kind {
        "a" | "aaaa" => list
            .filter_map(|value| match value.parse().ok()? {
                IpAddr::V4(ip) => Some(RData::A(A(ip))),
                IpAddr::V6(ip) => Some(RData::AAAA(AAAA(ip))),
            })
            .collect(),
        "mx" => {
            let hosts: Vec<String> = list.map(|value| host(zone, value)).collect();
            hosts.iter().filter_map(|value| Some(RData::MX(MX::new(10, name(value)?)))).collect()
        }
        "ptr" => list.filter_map(|value| Some(RData::PTR(PTR(name(value)?)))).collect(),
        _ => {
            let chunks = values.as_bytes().chunks(255);
            let texts = chunks.map(|c| String::from_utf8_lossy(c).into_owned()).collect();
            vec![RData::TXT(TXT::new(texts))]
        }
    };
    // PTR records are written with the address they belong to.
    let owner = match owner.parse::<IpAddr>() {
        Ok(ip) if kind == "ptr" => Name::from(ip).to_ascii(),
        _ => owner.to_owned(),
    };
    let owner = owner.trim_end_matches('.').to_lowercase();
    let records = zone.entry(owner).or_default();
    // The suite gives a name other records from one test to the next.
    let of_kind: Vec<RecordType> = data.iter().map(RData::record_type).collect();
    records.retain(|old| !of_kind.contains(&old.record_type()));
    records.extend(data);
}

/// The suite writes addresses where DNS has names: such a mail exchanger gets one.
fn host(zone: &mut Zone, value: &str) -> String {
    let Ok(ip) = value.parse::<IpAddr>() else { return value.to_owned() };
    let name = format!("h{}.exchanger.test", value.replace(['.', ':'], "-").to_lowercase());
    add(zone, if ip.is_ipv4() { "a" } else { "aaaa" }, &name, value);
    name
}
