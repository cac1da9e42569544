#include "media_engine.h"

#include <sys/random.h>

#include <utility>

namespace offhook {

namespace {

/// SSRC, sequence and timestamp begin at random values (RFC 3550 section 5.1), ones a stranger cannot guess.
std::uint64_t random_bits() {
  std::uint64_t bits = 0;
  if (getrandom(&bits, sizeof bits, 0) != sizeof bits) bits = static_cast<std::uint64_t>(monotonic_ns());
  return bits;
}

}  // namespace

MediaEngine::MediaEngine(const EngineOptions& options, std::function<void()> wake)
    : options_(options),
      ports_(options.port_min, options.port_max, static_cast<std::uint32_t>(random_bits())),
      sessions_(options.capacity),
      thread_(options.capacity, options.timeout_ns, std::move(wake)) {
  // The lowest slot is on top: slots in use stay together and pages touched once are used again.
  for (std::uint32_t slot = options.capacity; slot-- > 0;) free_slots_.push_back(slot);
}

MediaEngine::~MediaEngine() {
  thread_.stop();
  dispatch([](const Event&) {});
}

std::optional<UdpPair> MediaEngine::bind_pair() {
  const MonotonicNs now = monotonic_ns();
  for (std::size_t tries = ports_.free_or_resting(); tries > 0; --tries) {
    const auto port = ports_.take(now);
    if (!port) return std::nullopt;
    if (auto pair = UdpPair::bind(options_.bind_address, *port)) return pair;
    ports_.give_back(*port, now);  // somebody else's; it may come free
  }
  return std::nullopt;
}

Session* MediaEngine::open() {
  if (free_slots_.empty()) return nullptr;
  auto pair = bind_pair();
  if (!pair) return nullptr;
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  const AudioSlot audio{options_.audio_memory + slot * options_.slot_bytes, options_.header_bytes, options_.ring_samples};
  sessions_[slot] = std::make_unique<Session>(slot, next_generation_, std::move(*pair), audio, thread_, random_bits());
  next_generation_ = next_generation_ == 0x7FFFFFFF ? 1 : next_generation_ + 1;
  open_ += 1;
  Command attach;
  attach.type = Command::Type::attach;
  attach.session = sessions_[slot].get();
  thread_.command(attach);
  return sessions_[slot].get();
}

void MediaEngine::close(Session& session) {
  Command detach;
  detach.type = Command::Type::detach;
  detach.session = &session;
  thread_.command(detach);
}

Session* MediaEngine::find(std::uint32_t slot, std::uint32_t generation) const noexcept {
  if (slot >= sessions_.size() || sessions_[slot] == nullptr) return nullptr;
  return sessions_[slot]->generation == generation ? sessions_[slot].get() : nullptr;
}

void MediaEngine::configure(Session& session, std::unique_ptr<SessionConfig> config) {
  Command configure;
  configure.type = Command::Type::configure;
  configure.session = &session;
  configure.config = config.release();
  thread_.command(configure);
}

void MediaEngine::set_source(Session& session, Source source, double tone_hz) {
  Command command;
  command.type = Command::Type::set_source;
  command.session = &session;
  command.source = source;
  command.tone_hz = tone_hz;
  thread_.command(command);
}

void MediaEngine::set_gain(Session& session, float gain, std::uint32_t ramp_samples) {
  Command command;
  command.type = Command::Type::set_gain;
  command.session = &session;
  command.gain = gain;
  command.ramp_samples = ramp_samples;
  thread_.command(command);
}

void MediaEngine::dispatch(const std::function<void(const Event&)>& listener) {
  thread_.rearm_wake();
  Event event;
  while (thread_.next_event(event)) {
    Session* session = find(event.slot, event.generation);
    switch (event.type) {
      case Event::Type::retired:
        delete event.retired;
        continue;
      case Event::Type::refill:
        if (session != nullptr) session->playout.refill();
        continue;
      case Event::Type::mark:
        if (session != nullptr) session->playout.refill();
        break;
      case Event::Type::detached: {
        if (session == nullptr) continue;
        listener(event);  // the final counters are read here
        session->heard.release();
        ports_.give_back(session->sockets.rtp_port, monotonic_ns());
        sessions_[event.slot].reset();
        free_slots_.push_back(event.slot);
        open_ -= 1;
        continue;
      }
      default:
        break;
    }
    listener(event);
  }
}

}  // namespace offhook
