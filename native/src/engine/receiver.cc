#include "receiver.h"

#include <algorithm>

namespace offhook {

namespace {
/// Longest stretch of missing audio that is filled in; beyond it the sender was silent or restarted.
constexpr std::int64_t kMaxFillSamples = kAudioRateHz;
}  // namespace

void Receiver::configure(const SessionConfig& config, bool fresh_codec, MonotonicNs now) noexcept {
  config_ = &config;
  latch_.announce(config.announced, now);
  if (fresh_codec) streaming_ = false;
  last_audio_at_ = now;
  timeout_told_ = false;
}

Event Receiver::event(Event::Type type, MonotonicNs at) const noexcept {
  Event event;
  event.type = type;
  event.slot = slot_;
  event.generation = generation_;
  event.at = at;
  return event;
}

void Receiver::on_datagram(std::span<const std::uint8_t> datagram, const Endpoint& from, MonotonicNs arrival) noexcept {
  if (config_ == nullptr) return;
  const auto packet = parse_rtp(datagram);
  if (!packet) {
    counters_.packets_malformed.add();
    return;
  }
  if (packet->payload_type != config_->payload_type) {
    (latch_.is_source(from) ? counters_.packets_malformed : counters_.packets_wrong_source).add();
    return;
  }
  switch (latch_.on_audio(from, packet->sequence, arrival)) {
    case SourceLatch::Verdict::rejected:
      counters_.packets_wrong_source.add();
      return;
    case SourceLatch::Verdict::probation:
      return;
    case SourceLatch::Verdict::latched: {
      Event latched = event(Event::Type::latched, arrival);
      latched.endpoint = from;
      events_.emit(latched);
      break;
    }
    case SourceLatch::Verdict::accepted:
      break;
  }
  counters_.packets_received.add();
  last_audio_at_ = arrival;
  timeout_told_ = false;
  if (config_->receives) on_audio(*packet, arrival);
}

void Receiver::on_audio(const RtpView& packet, MonotonicNs arrival) noexcept {
  if (!streaming_ || packet.ssrc != ssrc_) {
    streaming_ = true;
    ssrc_ = packet.ssrc;
    sequences_.reset();
    timestamps_.reset();
    next_sequence_ = sequences_.unwrap(packet.sequence);
    next_timestamp_ = timestamps_.unwrap(packet.timestamp);
    play(packet, arrival);
    return;
  }
  const std::int64_t sequence = sequences_.unwrap(packet.sequence);
  if (sequence < next_sequence_) {
    counters_.packets_late.add();
    return;
  }
  counters_.packets_lost.add(static_cast<std::uint64_t>(sequence - next_sequence_));
  const bool lost = sequence > next_sequence_;
  next_sequence_ = sequence;
  const std::int64_t missing_ticks = timestamps_.unwrap(packet.timestamp) - next_timestamp_;
  fill(missing_ticks * kAudioRateHz / config_->clock_rate_hz, lost, arrival);
  play(packet, arrival);
}

void Receiver::play(const RtpView& packet, MonotonicNs arrival) noexcept {
  const std::size_t samples = config_->codec->decode(packet.payload, decoded_.data());
  if (samples == 0) counters_.packets_malformed.add();
  next_sequence_ += 1;
  next_timestamp_ = timestamps_.peek(packet.timestamp) +
                    static_cast<std::int64_t>(samples) * config_->clock_rate_hz / kAudioRateHz;
  deliver({decoded_.data(), samples}, arrival);
}

void Receiver::fill(std::int64_t missing_samples, bool lost, MonotonicNs arrival) noexcept {
  std::int64_t left = std::clamp<std::int64_t>(missing_samples, 0, kMaxFillSamples);
  left -= left % 2;
  while (left > 0) {
    const auto count = static_cast<std::size_t>(std::min<std::int64_t>(left, kFrameSamples));
    const std::span<std::int16_t> frame(decoded_.data(), count);
    if (lost) {
      config_->codec->conceal(frame);
      counters_.concealed_samples.add(count);
    } else {
      std::fill(frame.begin(), frame.end(), std::int16_t{0});
    }
    deliver(frame, arrival);
    left -= static_cast<std::int64_t>(count);
  }
}

void Receiver::deliver(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept {
  if (samples.empty()) return;
  heard_.write(samples, arrival);
  if (echo_ != nullptr) echo_->write(samples);
}

void Receiver::poll(MonotonicNs now, MonotonicNs timeout_ns) noexcept {
  if (config_ == nullptr || !config_->receives || timeout_told_) return;
  if (now - last_audio_at_ < timeout_ns) return;
  timeout_told_ = true;
  Event silent = event(Event::Type::timeout, now);
  silent.duration_ms = to_ms(now - last_audio_at_);
  events_.emit(silent);
}

}  // namespace offhook
