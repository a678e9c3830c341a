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

package dev.halley.redis;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;

/**
 * Connects to a cluster. What is published on one of its nodes comes on all.
 */
final class ClusterConnector implements RedisConnector {

	private final RedisClusterClient client;

	private final List<RedisURI> uris;

	private boolean connected;

	ClusterConnector(RedisClusterClient client, List<RedisURI> uris) {
		this.client = client;
		this.uris = uris;
	}

	@Override
	public Connections connect() {
		if (this.connected) {
			this.client.refreshPartitions();
		}
		StatefulRedisClusterConnection<byte[], byte[]> main = this.client.connect(ByteArrayCodec.INSTANCE);
		this.connected = true;
		try {
			return new Connections(main, main.async(), this.client.connectPubSub(ByteArrayCodec.INSTANCE));
		}
		catch (RuntimeException ex) {
			main.closeAsync();
			throw ex;
		}
	}

	@Override
	public String target() {
		return "the cluster of " + Targets.of(this.uris);
	}

	@Override
	public void close() {
		this.client.shutdown(0, 2, TimeUnit.SECONDS);
	}

}
