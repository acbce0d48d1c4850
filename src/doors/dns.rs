//! The resolver, for direct delivery and for checking senders: the system's, or the one configured.

use std::net::SocketAddr;

use hickory_resolver::{
    TokioResolver,
    config::{NameServerConfig, ResolveHosts, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
};

/// The resolver at `IP:PORT`, or the system's when the setting is empty; an error says what is wrong with it.
pub(super) fn resolver(setting: &str) -> Result<TokioResolver, String> {
    let mut builder = match setting.parse::<SocketAddr>() {
        Ok(address) => {
            let mut server = NameServerConfig::udp_and_tcp(address.ip());
            for connection in &mut server.connections {
                connection.port = address.port();
            }
            let settings = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
            TokioResolver::builder_with_config(settings, TokioRuntimeProvider::default())
        }
        Err(_) => TokioResolver::builder_tokio().map_err(|error| error.to_string())?,
    };
    // What the world sees, not what this machine's hosts file says.
    builder.options_mut().use_hosts_file = ResolveHosts::Never;
    builder.build().map_err(|error| error.to_string())
}
