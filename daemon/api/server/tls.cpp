#include "daemon/api/server/tls.hpp"

#include <algorithm>
#include <array>
#include <openssl/err.h>

#include "common/error.hpp"

namespace mp3conv::api::server {
namespace {

/// @return why OpenSSL's last call on this thread failed.
std::string openssl_error() {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

[[noreturn]] void refuse(const char *setting, const std::filesystem::path &file, const char *what) {
    throw Error{Errc::usage, std::string{setting} + ": " + file.string() + " " + what,
                openssl_error()};
}

/// HTTP/1.1 is all that we speak.
int choose_protocol(SSL *, const unsigned char **chosen, unsigned char *size,
                    const unsigned char *offered, unsigned offered_size, void *) {
    static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char *found = nullptr;
    const int result =
        SSL_select_next_proto(&found, size, ours.data(), ours.size(), offered, offered_size);
    *chosen = found;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/// TLS 1.2 and up with OpenSSL's own choice of ciphers, which Debian keeps modern.
std::shared_ptr<SSL_CTX> make_context(const std::filesystem::path &certificate,
                                      const std::filesystem::path &key) {
    std::shared_ptr<SSL_CTX> context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    if (!context) throw Error{Errc::internal, "cannot begin TLS", openssl_error()};
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1) {
        refuse("tls-cert", certificate, "is no certificate in PEM that can be read");
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) {
        refuse("tls-key", key, "is no key in PEM that can be read and fits the certificate");
    }
    return context;
}

} // namespace

Tls::Tls(std::filesystem::path certificate, std::filesystem::path key) :
    certificate_{std::move(certificate)},
    key_{std::move(key)},
    context_{make_context(certificate_, key_)} {}

void Tls::reload() {
    auto fresh = make_context(certificate_, key_);
    context_.with([&](auto &context) { context = std::move(fresh); });
}

Ssl Tls::session(int socket) {
    Ssl ssl{context_.with([](auto &context) { return SSL_new(context.get()); })};
    if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) {
        throw Error{Errc::internal, "cannot begin a TLS session", openssl_error()};
    }
    SSL_set_accept_state(ssl.get());
    return ssl;
}

} // namespace mp3conv::api::server
