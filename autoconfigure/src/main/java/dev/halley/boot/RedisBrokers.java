/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.boot;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Cluster;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

import dev.halley.redis.RedisBrokerSettings;
import dev.halley.redis.RedisHubBroker;

/**
 * Makes a broker of what Spring Boot knows of a Redis. It has a client of its own: that
 * of Spring Data sends again what was not answered, which would publish twice.
 */
final class RedisBrokers {

	private final DataRedisConnectionDetails details;

	private final DataRedisProperties properties;

	private final RedisBrokerSettings settings;

	RedisBrokers(DataRedisConnectionDetails details, DataRedisProperties properties, RedisBrokerSettings settings) {
		this.details = details;
		this.properties = properties;
		this.settings = settings;
	}

	RedisHubBroker create() {
		SslBundle bundle = this.details.getSslBundle();
		SslOptions ssl = (bundle != null) ? sslOptions(bundle) : null;
		Cluster cluster = this.details.getCluster();
		if (cluster != null) {
			return RedisHubBroker.cluster(cluster.getNodes().stream().map(this::node).toList(), ssl, this.settings);
		}
		Sentinel sentinel = this.details.getSentinel();
		Standalone standalone = this.details.getStandalone();
		if (sentinel != null) {
			return RedisHubBroker.standalone(sentinel(sentinel), ssl, this.settings);
		}
		Assert.state(standalone != null,
				"Hubs need one Redis, sentinels or a cluster (expected: one of spring.data.redis.host, .url, .sentinel and .cluster)");
		return RedisHubBroker.standalone(standalone(standalone), ssl, this.settings);
	}

	private RedisURI node(Node node) {
		return complete(RedisURI.builder().withHost(node.host()).withPort(node.port())).build();
	}

	private RedisURI standalone(Standalone standalone) {
		return complete(RedisURI.builder().withHost(standalone.getHost()).withPort(standalone.getPort()))
			.withDatabase(standalone.getDatabase())
			.build();
	}

	private RedisURI sentinel(Sentinel sentinel) {
		RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId(sentinel.getMaster());
		for (Node node : sentinel.getNodes()) {
			RedisURI.Builder each = RedisURI.builder().withHost(node.host()).withPort(node.port()).withSsl(isSsl());
			authenticate(each, sentinel.getUsername(), sentinel.getPassword());
			builder.withSentinel(each.build());
		}
		return complete(builder).withDatabase(sentinel.getDatabase()).build();
	}

	private RedisURI.Builder complete(RedisURI.Builder builder) {
		authenticate(builder, this.details.getUsername(), this.details.getPassword());
		String clientName = this.properties.getClientName();
		if (StringUtils.hasText(clientName)) {
			builder.withClientName(clientName);
		}
		return builder.withSsl(isSsl());
	}

	private static void authenticate(RedisURI.Builder builder, @Nullable String user, @Nullable String password) {
		if (password != null && StringUtils.hasText(user)) {
			builder.withAuthentication(user, password.toCharArray());
		}
		else if (password != null) {
			builder.withPassword(password.toCharArray());
		}
	}

	private boolean isSsl() {
		String url = this.properties.getUrl();
		return this.details.getSslBundle() != null || (url != null && url.startsWith("rediss:"));
	}

	private static SslOptions sslOptions(SslBundle bundle) {
		SslOptions.Builder builder = SslOptions.builder()
			.keyManager(bundle.getManagers().getKeyManagerFactory())
			.trustManager(bundle.getManagers().getTrustManagerFactory());
		String[] ciphers = bundle.getOptions().getCiphers();
		String[] protocols = bundle.getOptions().getEnabledProtocols();
		if (ciphers != null) {
			builder.cipherSuites(ciphers);
		}
		if (protocols != null) {
			builder.protocols(protocols);
		}
		return builder.build();
	}

}
