// Tests mostly wait for pods to start or for the kubelet to notice a full disk, so two cores can run this many at once.
[assembly: LevelOfParallelism(4)]
[assembly: Parallelizable(ParallelScope.All)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
