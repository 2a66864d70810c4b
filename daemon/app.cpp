#include "daemon/app.hpp"

#include <chrono>

#include "common/error.hpp"
#include "daemon/mail.hpp"
#include "daemon/metrics_page.hpp"
#include "daemon/notify/mail_channel.hpp"
#include "daemon/notify/webhook_channel.hpp"
#include "daemon/remove_account.hpp"
#include "daemon/storage/open.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;

constexpr auto answer_time = 2s; // for requests that are under way when the daemon ends

std::string joined(const std::vector<std::string> &names) {
    std::string text;
    for (const auto &name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// What it lacks is said once; SECURITY.md tells what that means.
void check_sandbox(const std::vector<std::string> &missing, bool is_required) {
    if (missing.empty()) return log::info("the sandbox is complete");
    if (is_required) {
        throw Error{Errc::usage, "this system has no " + joined(missing) +
                                     " for the sandbox; provide it, or start without "
                                     "require-sandbox"};
    }
    log::warning("the sandbox is incomplete", {{"missing", joined(missing)}});
}

api::server::Listener open_listener(const std::string &address) {
    auto handed_over = api::server::take_handed_over();
    if (!handed_over) return api::server::listen_at(address);
    log::info("the service manager hands a socket over; listen is ignored",
              {{"socket", handed_over->address}});
    return std::move(*handed_over);
}

/// @param address where the daemon listens, HOST:PORT or a Unix socket's.
void warn_of_listeners(const std::string &address) {
    if (system::unix_path(address)) return;
    std::string host = address.substr(0, address.rfind(':'));
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    const auto ip = system::parse_ip(host);
    if (host == "localhost" || (ip && ip->is_loopback())) return;
    log::warning("anyone on the line can read passwords, tokens and files; set tls-cert, or listen "
                 "on loopback behind a proxy",
                 {{"listen", address}});
}

auth::RegistrationPolicy registration_policy(const Settings &settings) {
    using auth::Admission;
    Admission admission = Admission::open;
    if (settings.registration == Registration::invite) admission = Admission::invite;
    if (settings.registration == Registration::closed) admission = Admission::closed;
    return {admission, !settings.smtp_url.empty()};
}

/// All machines give them the same names.
db::NamedBells named(system::Bell &work, system::Bells &changes, system::Bell &notices) {
    db::NamedBells bells{{"work", work}, {"notices", notices}};
    for (int number = 0; auto &bell : changes) {
        bells.emplace_back("changes" + std::to_string(number++), bell);
    }
    return bells;
}

} // namespace

App::App(Settings settings) :
    settings_{std::move(settings)},
    data_dir_{settings_.data_dir},
    converter_{settings_.conversion_timeout},
    database_{
        db::open_database(settings_.database, settings_.data_dir, clock_, settings_.keep_mp3)},
    blobs_{storage::open_storage(settings_.storage, settings_.data_dir)},
    tokens_{auth::load_secrets(settings_.jwt_secret_file)},
    auth_{database_->users(),        database_->sessions(), database_->attempts(), tokens_, clock_,
          {settings_.token_lifetime}},
    registration_{database_->users(),
                  database_->attempts(),
                  database_->codes(),
                  database_->invites(),
                  clock_,
                  registration_policy(settings_)},
    passwords_{database_->users(), database_->attempts(), database_->codes(), clock_},
    wire_{database_->join(named(work_, changes_, notices_))},
    poster_{settings_.webhook_networks},
    webhooks_{database_->webhooks(), poster_, clock_},
    rooms_{auth_,
           registration_,
           passwords_,
           database_->jobs(),
           database_->files(),
           database_->uploads(),
           *blobs_,
           work_,
           changes_,
           notices_,
           clock_,
           turns_,
           slow_requests_,
           {settings_.max_upload_bytes,
            {settings_.quota_bytes, settings_.max_active, settings_.max_uploads_per_day},
            settings_.upload_expiry},
           draining_,
           converter_.missing_layers(),
           database_->overview(),
           settings_.metrics_from,
           [this](system::UserId user) {
               remove_account({database_->users(), database_->files(), *blobs_}, user);
           },
           [this] { return metrics_page(*database_, *blobs_, server_.active()); },
           webhooks_,
           settings_.download_redirect,
           settings_.plays(Role::api)},
    service_{rooms_,
             {settings_.trusted_proxies,
              settings_.serves_tls() || settings_.public_url.starts_with("https://")}},
    server_{service_},
    sweeper_{{database_->files(), database_->uploads(), database_->sessions(),
              database_->attempts(), database_->codes(), database_->invites(), database_->outbox(),
              *blobs_, clock_},
             {settings_.keep_mp3, settings_.keep_source, settings_.keep_history}} {
    blobs_->remove_drafts();
    check_sandbox(converter_.missing_layers(), settings_.require_sandbox);
    if (settings_.serves_tls()) server_.use_tls(settings_.tls_cert, settings_.tls_key);
    auto listener = open_listener(settings_.listen);
    const std::string address = listener.address;
    server_.listen_on(std::move(listener));
    if (!settings_.serves_tls()) warn_of_listeners(address);
    url_ = url_of(settings_, address);
    settle_urls(settings_, url_);
    channels_[notify::mail] =
        std::make_unique<notify::MailChannel>(open_mailer(settings_), sender(settings_), clock_);
    channels_[notify::by_webhook] =
        std::make_unique<notify::WebhookChannel>(database_->webhooks(), poster_, clock_);
    notifier_ = std::make_unique<notify::Notifier>(
        notify::Notifier::Rooms{database_->outbox(), channels_, notices_, clock_},
        data_dir_.instance());
}

void App::start() {
    database_->move_in();
    if (settings_.plays(Role::notify)) notifier_->start();
    if (settings_.plays(Role::convert)) {
        workers_ = std::make_unique<Workers>(
            Workers::Rooms{database_->jobs(), *blobs_, converter_, work_, changes_, notices_},
            data_dir_.instance(), settings_.workers, settings_.keep_source > 0s);
    }
    if (settings_.plays(Role::api)) sweeper_.start();
    server_.start();
    data_dir_.announce(url_);
}

bool App::is_well(std::chrono::milliseconds patience) {
    // Where a server elsewhere is away, it helps nobody that we end.
    if (database_->is_local()) database_->files().names_blob("probe");
    return server_.is_alive(patience);
}

void App::drain() {
    draining_ = true;
    if (workers_) workers_->drain();
    changes_.ring_all(); // long polls answer with what there is
}

void App::stop() {
    draining_ = true;
    if (workers_) workers_->abort();
    changes_.ring_all();
    webhooks_.stop();
    server_.finish(answer_time);
    workers_.reset();
    notifier_.reset();
}

} // namespace mp3conv
