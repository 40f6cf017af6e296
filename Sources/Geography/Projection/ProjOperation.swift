import CProj

/// One PROJ operation in a context of its own, axes in the order east, north (longitude,
/// latitude). Not for two threads at once: see ``OperationPool``.
struct ProjOperation: ~Copyable {
  private let operation: ProjObject
  let name: String
  /// What the operation's authors promise, in metres; `nil` where they promise nothing.
  let accuracy: Double?

  /// The best operation that can be carried out here, once for all points: the answer never
  /// jumps between operations, and it can be named.
  ///
  /// Refused are operations with a missing grid and those that ignore the datum ("ballpark").
  /// - Parameter area: where it is needed; degrees.
  init(
    from sourceCode: String, to targetCode: String, in area: GeographicBox?, dataFolder: String?
  ) throws(ProjectionError) {
    let context = try ProjContext(dataFolder: dataFolder)
    let source = try context.system(sourceCode)
    let target = try context.system(targetCode)
    let ctx = context.pointer
    guard let factory = proj_create_operation_factory_context(ctx, nil) else {
      throw ProjectionError("PROJ could not look for an operation.")
    }
    defer { proj_operation_factory_context_destroy(factory) }
    proj_operation_factory_context_set_spatial_criterion(
      ctx, factory, PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION)
    proj_operation_factory_context_set_grid_availability_use(
      ctx, factory, PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID)
    proj_operation_factory_context_set_allow_ballpark_transformations(ctx, factory, 0)
    if let area {
      proj_operation_factory_context_set_area_of_interest(
        ctx, factory, area.west, area.south, area.east, area.north)
    }
    let none = ProjectionError(
      "No exact conversion is known from '\(source.name)' to '\(target.name)'.")
    guard let list = proj_create_operations(ctx, source.pointer, target.pointer, factory) else {
      throw none
    }
    defer { proj_list_destroy(list) }
    guard proj_list_get_count(list) > 0, let best = proj_list_get(ctx, list, 0) else { throw none }
    let plain = ProjObject(best, in: context)
    guard let east = proj_normalize_for_visualization(ctx, plain.pointer) else { throw none }
    name = plain.name
    let accuracy = proj_coordoperation_get_accuracy(ctx, plain.pointer)
    self.accuracy = accuracy >= 0 ? accuracy : nil
    operation = ProjObject(east, in: context)
  }

  /// - Parameter pipeline: in PROJ's own language; ours, never a file's.
  init(pipeline: String) throws(ProjectionError) {
    let context = try ProjContext(dataFolder: nil)
    guard let made = proj_create(context.pointer, pipeline) else {
      throw ProjectionError("PROJ could not be asked for a transverse Mercator projection.")
    }
    name = pipeline
    accuracy = nil
    operation = ProjObject(made, in: context)
  }

  /// - Returns: `nil` where the operation does not reach.
  func convert(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard x.isFinite, y.isFinite else { return nil }
    return run(PJ_FWD, x, y)
  }

  /// The way back. - Returns: `nil` where the operation does not reach, or has no way back.
  func invert(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard x.isFinite, y.isFinite else { return nil }
    return run(PJ_INV, x, y)
  }

  private func run(_ direction: PJ_DIRECTION, _ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    let to = proj_trans(operation.pointer, direction, proj_coord(x, y, 0, 0))
    guard to.xy.x.isFinite, to.xy.y.isFinite else { return nil }
    return (to.xy.x, to.xy.y)
  }
}
