#include "daemon/storage/s3/credentials.hpp"

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/text.hpp"
#include "common/units.hpp"
#include "daemon/system/guarded.hpp"
#include "daemon/system/service_manager.hpp"

namespace mp3conv::storage::s3 {
namespace {

using namespace std::chrono_literals;

constexpr auto silence = 5s;       // of the machine's own metadata
constexpr auto renew_ahead = 5min; // AWS hands out the next ones before that

Error no_credentials(const std::string &cause) {
    return {Errc::busy, "the server's storage failed; try again later", "S3 credentials: " + cause};
}

std::string variable(const char *name) {
    const char *value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

class Fixed final : public CredentialSource {
public:
    explicit Fixed(Credentials credentials) : credentials_{std::move(credentials)} {}
    Credentials get() override { return credentials_; }

private:
    Credentials credentials_;
};

/// Sets the member that a line of a credentials file names, if it is one of these.
void apply(Credentials &credentials, std::string_view line) {
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    const std::string name = ascii_lower(trim(line.substr(0, equals)));
    const std::string value{trim(line.substr(equals + 1))};
    if (name == "aws_access_key_id") credentials.access_key = value;
    if (name == "aws_secret_access_key") credentials.secret_key = value;
    if (name == "aws_session_token") credentials.session_token = value;
}

class File final : public CredentialSource {
public:
    File(std::string path, std::string profile) :
        path_{std::move(path)},
        profile_{std::move(profile)} {}

    Credentials get() override {
        std::istringstream lines{read()};
        Credentials credentials;
        bool is_ours = false;
        for (std::string line; std::getline(lines, line);) {
            const std::string_view text = trim(line);
            if (text.starts_with('[')) is_ours = text == '[' + profile_ + ']';
            if (is_ours) apply(credentials, text);
        }
        if (credentials.access_key.empty() || credentials.secret_key.empty()) {
            throw no_credentials(path_ + " has no keys for [" + profile_ + "]");
        }
        return credentials;
    }

private:
    std::string read() const try { return read_small_file(path_); } catch (const Error &e) {
        throw no_credentials(e.what());
    }

    std::string path_;
    std::string profile_;
};

/// The role of a virtual machine, by its metadata service, version 2:
/// docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
class MachineRole final : public CredentialSource {
public:
    explicit MachineRole(Http &http) : http_{http} {
        if (const auto other = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"); !other.empty()) {
            endpoint_ = other;
        }
        while (endpoint_.ends_with('/')) endpoint_.pop_back();
    }

    Credentials get() override {
        return known_.with([this](auto &known) {
            const auto now = std::chrono::system_clock::now();
            if (!known || known->until <= now + renew_ahead) known = fetch();
            return known->credentials;
        });
    }

private:
    struct Known {
        Credentials credentials;
        Time until;
    };

    Known fetch() {
        const Pairs token{
            {"x-aws-ec2-metadata-token",
             ask("PUT", "/latest/api/token", {{"x-aws-ec2-metadata-token-ttl-seconds", "60"}})}};
        const std::string roles = "/latest/meta-data/iam/security-credentials/";
        const std::string role{trim(ask("GET", roles, token))};
        const auto answer = nlohmann::json::parse(ask("GET", roles + role, token), nullptr, false);
        const auto until = parse_time(text_of(answer, "Expiration"));
        if (!until) throw no_credentials("the machine's role " + role + " has none");
        return {{text_of(answer, "AccessKeyId"), text_of(answer, "SecretAccessKey"),
                 text_of(answer, "Token")},
                *until};
    }

    static std::string text_of(const nlohmann::json &object, const char *name) {
        return object.is_object() && object.contains(name) && object[name].is_string()
                   ? object[name].get<std::string>()
                   : std::string{};
    }

    std::string ask(const std::string &method, const std::string &path, const Pairs &headers) {
        const Reply reply = http_.exchange(
            {.method = method, .url = endpoint_ + path, .headers = headers}, silence);
        if (reply.status == 200 && reply.failure.empty()) return reply.body;
        throw no_credentials(
            "none are set, and this machine has no role: " +
            (reply.failure.empty() ? "status " + std::to_string(reply.status) : reply.failure));
    }

    Http &http_;
    std::string endpoint_ = "http://169.254.169.254";
    system::Guarded<std::optional<Known>> known_;
};

} // namespace

std::unique_ptr<CredentialSource> open_credentials(const std::string &file,
                                                   const std::string &profile, Http &http) {
    std::string section = profile.empty() ? variable("AWS_PROFILE") : profile;
    if (section.empty()) section = "default";
    if (!file.empty()) return std::make_unique<File>(file, section);
    Credentials given{variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"),
                      variable("AWS_SESSION_TOKEN")};
    if (!given.access_key.empty()) return std::make_unique<Fixed>(std::move(given));
    const std::string named = variable("AWS_SHARED_CREDENTIALS_FILE");
    for (const std::string &path :
         {system::service_manager::credential("mp3convd.s3-credentials").string(), named,
          variable("HOME") + "/.aws/credentials"}) {
        if (!path.empty() && std::filesystem::exists(path)) {
            return std::make_unique<File>(path, section);
        }
    }
    return std::make_unique<MachineRole>(http);
}

} // namespace mp3conv::storage::s3
