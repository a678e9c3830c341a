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

package dev.halley;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * From which level on a logger logs during a test. Afterwards it is as it was, which is
 * more than to forget the level: that may be the one that all others have it from.
 */
public final class LogLevel implements BeforeEachCallback, AfterEachCallback {

	private final Logger logger;

	private final @Nullable Level level;

	private @Nullable Level before;

	private LogLevel(String logger, @Nullable Level level) {
		this.logger = (Logger) LoggerFactory.getLogger(logger);
		this.level = level;
	}

	/** The one that it has, until a test sets another. */
	public static LogLevel of(String logger) {
		return new LogLevel(logger, null);
	}

	public static LogLevel of(Class<?> logger) {
		return of(logger.getName());
	}

	/** Shows all but what is traced. */
	public static LogLevel debug(Class<?> logger) {
		return new LogLevel(logger.getName(), Level.DEBUG);
	}

	/** Shows nothing of what a test provokes. */
	public static LogLevel off(Class<?> logger) {
		return new LogLevel(logger.getName(), Level.OFF);
	}

	public void set(Level level) {
		this.logger.setLevel(level);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		this.before = this.logger.getLevel();
		if (this.level != null) {
			this.logger.setLevel(this.level);
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.logger.setLevel(this.before);
	}

}
