// RTP load generator of `npm run bench`: N symmetric G.711 streams from one thread, paced by absolute deadlines on the monotonic
// clock, with kernel receive timestamps on what comes back. Reads "local_port remote_ip remote_port" lines on standard input and
// a raw mu-law file as the caller's voice; prints one JSON object.
//
//   rtp-load <speech.ulaw> <seconds> < streams.txt
#include <arpa/inet.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr std::int64_t kFrameNs = 20'000'000;
constexpr std::size_t kFrameBytes = 160;
constexpr std::size_t kHeaderBytes = 12;
// Packets of the first second carry the echo's start-up and the latching; pacing is judged after it.
constexpr std::int64_t kWarmUpNs = 1'000'000'000;

std::int64_t now_ns(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

struct Stream {
  int socket{-1};
  std::uint16_t sequence{0};
  std::uint32_t timestamp{0};
  std::uint32_t ssrc{0};
  std::size_t position{0};
  std::int64_t next_send_ns{0};
  std::uint64_t sent{0};
  std::vector<std::int64_t> arrivals_ns;
  std::vector<std::uint16_t> sequences;
};

bool open_stream(Stream& stream, int local_port, const std::string& ip, int remote_port) {
  stream.socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_port = htons(static_cast<std::uint16_t>(local_port));
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in remote{};
  remote.sin_family = AF_INET;
  remote.sin_port = htons(static_cast<std::uint16_t>(remote_port));
  if (inet_pton(AF_INET, ip.c_str(), &remote.sin_addr) != 1) return false;
  const int on = 1;
  setsockopt(stream.socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  return bind(stream.socket, reinterpret_cast<sockaddr*>(&local), sizeof local) == 0 &&
         connect(stream.socket, reinterpret_cast<sockaddr*>(&remote), sizeof remote) == 0;
}

void send_frame(Stream& stream, const std::vector<std::uint8_t>& speech) {
  std::uint8_t packet[kHeaderBytes + kFrameBytes];
  packet[0] = 0x80;
  packet[1] = static_cast<std::uint8_t>(stream.sent == 0 ? 0x80 : 0x00);
  packet[2] = static_cast<std::uint8_t>(stream.sequence >> 8);
  packet[3] = static_cast<std::uint8_t>(stream.sequence);
  for (int i = 0; i < 4; ++i) {
    packet[4 + i] = static_cast<std::uint8_t>(stream.timestamp >> (24 - 8 * i));
    packet[8 + i] = static_cast<std::uint8_t>(stream.ssrc >> (24 - 8 * i));
  }
  for (std::size_t i = 0; i < kFrameBytes; ++i) packet[kHeaderBytes + i] = speech[(stream.position + i) % speech.size()];
  stream.position = (stream.position + kFrameBytes) % speech.size();
  stream.sequence = static_cast<std::uint16_t>(stream.sequence + 1);
  stream.timestamp += kFrameBytes;
  if (send(stream.socket, packet, sizeof packet, 0) == static_cast<ssize_t>(sizeof packet)) ++stream.sent;
}

void drain(Stream& stream) {
  std::uint8_t data[2048];
  alignas(cmsghdr) char control[128];
  for (;;) {
    iovec vector{data, sizeof data};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t bytes = recvmsg(stream.socket, &message, 0);
    if (bytes < static_cast<ssize_t>(kHeaderBytes)) {
      if (bytes >= 0) continue;
      return;
    }
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
      if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec stamp{};
      std::memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
      stream.arrivals_ns.push_back(static_cast<std::int64_t>(stamp.tv_sec) * 1'000'000'000 + stamp.tv_nsec);
      stream.sequences.push_back(static_cast<std::uint16_t>(data[2] << 8 | data[3]));
    }
  }
}

double percentile(std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

/// How far each inter-arrival gap is from 20 ms per sequence step, in milliseconds.
void pacing_of(const Stream& stream, std::vector<double>& out, std::uint64_t& missing) {
  for (std::size_t i = 1; i < stream.arrivals_ns.size(); ++i) {
    const auto step = static_cast<std::int16_t>(stream.sequences[i] - stream.sequences[i - 1]);
    if (step > 1) missing += static_cast<std::uint64_t>(step - 1);
    if (stream.arrivals_ns[i] - stream.arrivals_ns.front() < kWarmUpNs || step <= 0) continue;
    const auto gap = static_cast<double>(stream.arrivals_ns[i] - stream.arrivals_ns[i - 1] - step * kFrameNs);
    out.push_back(std::abs(gap) / 1e6);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const std::vector<std::uint8_t> speech((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto seconds = std::atoi(argv[2]);
  if (speech.size() < kFrameBytes || seconds < 1) return 2;

  std::vector<Stream> streams;
  int local_port = 0;
  int remote_port = 0;
  std::string ip;
  while (std::cin >> local_port >> ip >> remote_port) {
    Stream& stream = streams.emplace_back();
    if (!open_stream(stream, local_port, ip, remote_port)) {
      std::perror("rtp-load: socket");
      return 1;
    }
  }
  // Callers' telephones do not stutter because the machine under test is busy. The media thread's priority is higher.
  sched_param priority{};
  priority.sched_priority = 10;
  sched_setscheduler(0, SCHED_FIFO, &priority);
  const std::int64_t start = now_ns(CLOCK_MONOTONIC) + kFrameNs;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    Stream& stream = streams[i];
    stream.ssrc = 0x0ff00000U + static_cast<std::uint32_t>(i);
    // Streams begin at different places of the speech and of the tick, as callers do.
    stream.position = (i * 7919 * kFrameBytes) % speech.size();
    stream.next_send_ns = start + static_cast<std::int64_t>(i) * kFrameNs / static_cast<std::int64_t>(streams.size());
    stream.arrivals_ns.reserve(static_cast<std::size_t>(seconds) * 51);
    stream.sequences.reserve(static_cast<std::size_t>(seconds) * 51);
  }
  const std::int64_t end = start + static_cast<std::int64_t>(seconds) * 1'000'000'000;
  double worst_send_ms = 0;
  for (std::int64_t tick = start; tick < end; tick += 2'000'000) {
    const timespec wake{.tv_sec = tick / 1'000'000'000, .tv_nsec = tick % 1'000'000'000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nullptr);
    const std::int64_t now = now_ns(CLOCK_MONOTONIC);
    for (Stream& stream : streams) {
      while (stream.next_send_ns <= now) {
        worst_send_ms = std::max(worst_send_ms, static_cast<double>(now - stream.next_send_ns) / 1e6);
        send_frame(stream, speech);
        stream.next_send_ns += kFrameNs;
      }
      drain(stream);
    }
  }
  std::vector<double> gaps;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t missing = 0;
  for (Stream& stream : streams) {
    sent += stream.sent;
    received += stream.arrivals_ns.size();
    pacing_of(stream, gaps, missing);
    close(stream.socket);
  }
  std::sort(gaps.begin(), gaps.end());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cpu_s = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                       static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  std::printf(
      "{\"streams\":%zu,\"sent\":%llu,\"received\":%llu,\"missing\":%llu,\"pacingP50Ms\":%.3f,\"pacingP99Ms\":%.3f,"
      "\"pacingP999Ms\":%.3f,\"pacingMaxMs\":%.3f,\"generatorLateMaxMs\":%.3f,\"generatorCpuS\":%.2f}\n",
      streams.size(), static_cast<unsigned long long>(sent), static_cast<unsigned long long>(received),
      static_cast<unsigned long long>(missing), percentile(gaps, 0.50), percentile(gaps, 0.99), percentile(gaps, 0.999),
      gaps.empty() ? 0.0 : gaps.back(), worst_send_ms, cpu_s);
  return 0;
}
